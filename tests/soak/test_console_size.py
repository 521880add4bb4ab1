"""A hundred thousand people and a million lines of log: what every page costs, within one process.

SOAK_CONSOLE=people,groups,lines,cycles names another size; beside it stands a second domain that is as large.
"""

import os
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.filling import Size, fill, settle
from tests.plans import rows_touched, walks_of
from tests.visits import VILLAGE, Visit, milliseconds_of, statements_of, visits

pytestmark = [pytest.mark.soak, pytest.mark.django_db]
CITY = Size(*map(int, os.environ.get("SOAK_CONSOLE", "100000,300,1000000,400").split(",")), deleted=2_000)
# The most rows that a statement of any page looks at: a page of groups of everybody counts ten thousand in a few.
MOST_TOUCHED = 100_000


class Cost(NamedTuple):
    least: float  # in milliseconds, of five visits: what others do on the machine says little of it
    median: float
    statements: int
    in_a_village: int
    touched: int
    walks: list[str]
    name: str

    def __str__(self) -> str:
        times = f"{self.least:7.1f} ms at best, {self.median:7.1f} median"
        return f"{times} {self.statements:4} statements {self.touched:7} rows  {self.name}"


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[dict[str, int], list[Visit]]]:
    with django_db_blocker.unblock():
        in_a_village = {visit.name: len(statements_of(visit)) for visit in visits(fill("village", VILLAGE))}
        since = time.monotonic()
        there = visits(fill("city", CITY))
        fill("metropolis", CITY)
        settle()
        print(f"\n   Filled in {time.monotonic() - since:.0f} s")  # noqa: T201  # it is a result too
        yield in_a_village, there
        call_command("flush", interactive=False, verbosity=0)


def cost_of(visit: Visit, in_a_village: int) -> Cost:
    asked = statements_of(visit)
    walks = [f"{step}: {sql[:300]}" for sql in asked for step in walks_of(sql)]
    reads = [sql for sql in asked if sql.startswith(("SELECT", "WITH", "\nSELECT"))]
    touched = max(map(rows_touched, reads), default=0) if connection.vendor == "postgresql" else 0
    times = sorted(milliseconds_of(visit) for _ in range(5))
    return Cost(times[0], median(times), len(asked), in_a_village, touched, walks, visit.name)


def test_every_page_costs_a_city_what_it_costs_a_village(
    filled: tuple[dict[str, int], list[Visit]], say: Callable[[str], None]
) -> None:
    in_a_village, there = filled
    costs = sorted((cost_of(visit, in_a_village[visit.name]) for visit in there), reverse=True)
    say("\n".join(["worst first", *map(str, costs)]))
    assert [cost for cost in costs if cost.statements != cost.in_a_village] == []
    assert [cost for cost in costs if cost.walks] == []
    assert [cost for cost in costs if cost.touched > MOST_TOUCHED] == []

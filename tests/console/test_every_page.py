"""Every page answers in as many statements for a large domain as for a small one, none of which walks a large table.

tests/soak/test_console_size.py does the same with a hundred thousand people, and says how long each page takes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from securelogin.directory.models import User
from tests.addresses import OF_A_DOMAIN, OF_OPERATORS
from tests.filling import Size, fill, settle
from tests.plans import walks_of
from tests.visits import ASKED, VILLAGE, Visit, statements_of, visits

pytestmark = pytest.mark.django_db
TOWN = Size(people=1_200, groups=60, lines=6_000, cycles=60, deleted=300)

# What asks for so large a part of a town that an index is no help; in a city it is one.
FOR_MOST = {"/d/acme/trash/<uuid:tombstone_id>/restore/ of a crowd", "/d/acme/log/?whom=p"}

Measured = dict[str, list[tuple[Visit, int]]]  # by page: its visits, each with what it costs in a small domain


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Measured]:
    with django_db_blocker.unblock(), transaction.atomic():
        costs = {visit.name: len(statements_of(visit)) for visit in visits(fill("village", VILLAGE))}
        there = visits(fill("town", TOWN))
        fill("neighbour", TOWN)
        settle()
        measured: Measured = defaultdict(list)
        for visit in there:
            measured[visit.page].append((visit, costs[visit.name]))
        yield measured
        transaction.set_rollback(True)


@pytest.mark.parametrize("page", [*OF_A_DOMAIN, *OF_OPERATORS])
def test_a_page_costs_the_same_for_few_and_for_many_and_walks_nothing(town: Measured, page: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a thousand rows are so few that it would rather walk them
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_hashjoin = off")
            cursor.execute("SET LOCAL enable_mergejoin = off")
            cursor.execute("SET LOCAL random_page_cost = 1")
    assert len(town[page]) > len(ASKED.get(page, ()))
    for visit, cost in town[page]:
        asked = statements_of(visit)
        assert len(asked) == cost, (visit.name, asked)
        walks = [(walks_of(sql), sql) for sql in asked if visit.name not in FOR_MOST and walks_of(sql)]
        assert walks == [], "\n".join([visit.name, *map(str, walks)])


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: list(rows.filter(given_name_key="x")),
        lambda rows: list(rows.order_by("modified")[:50]),
        lambda rows: rows.count(),
    ],
)
@pytest.mark.usefixtures("town")
def test_a_walk_and_a_count_would_be_seen(ask: Callable[[QuerySet[User]], object]) -> None:
    with CaptureQueriesContext(connection) as asked:
        ask(User.objects.filter(domain__name="town"))
    assert walks_of(asked.captured_queries[0]["sql"])

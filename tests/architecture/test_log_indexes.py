"""The provisioning log finds its lines by an index, on both databases, however long it is: no walk, and no count."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from oauth.models import Connection
from scim import cycles
from securelogin.console.finding import Search
from securelogin.console.operators.log import _found, _part_of
from securelogin.console.provisioning.causes import causes_of
from securelogin.console.provisioning.filters import LogForm
from securelogin.console.provisioning.lines import changes_of
from securelogin.directory.domains import create_domain
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Change, Domain
from securelogin.logbook.asking import FAILED
from securelogin.logbook.models import Bookmark, Cycle, Entry
from tests.plans import analyze, explained

pytestmark = pytest.mark.django_db
LINES = 4_000
CONNECTION, RARE = (UUID(f"{digit * 8}-1111-4222-8333-444455556666") for digit in "ab")
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Domain]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _build() -> Domain:
    domain = create_domain("town")
    Connection.objects.create(id=RARE, domain=domain, kind=Connection.Kind.KEY, scope="scim", name="A script")
    lines = [_line(domain, number) for number in range(LINES)]
    field = create_domain("field")  # a neighbour, far more talkative
    others = [_line(field, number, later=part / 4) for number in range(LINES) for part in (1, 2, 3)]
    Entry.objects.bulk_create([*lines, *others], batch_size=1_000)
    journal = [line for line in lines if line.changed]
    elsewhere = [_change(domain, line) for line in others]  # or it would as well read the whole of so short a journal
    Change.objects.bulk_create([*(_change(domain, line) for line in journal), *elsewhere], batch_size=1_000)
    ids = [line.pk for line in lines[::20]]
    times = {"began": BEGINNING, "ended": BEGINNING, "connection_id": CONNECTION}
    Cycle.objects.bulk_create([Cycle(id=pk, domain_id=domain.pk, **times) for pk in ids])
    Bookmark.objects.create(domain_id=domain.pk, entry_id=lines[-10].pk)
    analyze()
    return domain


def _line(domain: Domain, number: int, later: float = 0) -> Entry:
    at = BEGINNING + timedelta(seconds=number + later)
    kind: dict[str, Any] = {"method": "GET", "status": 200}
    if number % 20 == 0:
        outcome = "removed" if number % 400 == 0 else "changed"
        kind = {"method": "PATCH", "status": 200, "changed": True, "outcome": outcome, "subject_id": UUID(int=number)}
    if number % 20 == 1:
        kind = {"method": "POST", "status": 409, "error_id": "SL-NAME-TAKEN" if number % 400 == 1 else "SL-BUSY"}
    whose = RARE if number % 1_000 == 0 else CONNECTION
    of = {"domain_id": domain.pk, "connection_id": whose, "path": "/scim/v2/Users", "milliseconds": 1}
    return Entry(id=earliest_id(at), at=at, **of, **kind)


def _change(domain: Domain, line: Entry) -> Change:
    whose = {"actor_kind": "connection", "actor_id": "", "actor_label": "", "subject_type": "User"}
    return Change(
        id=earliest_id(line.at + timedelta(milliseconds=1)),
        domain=domain, at=line.at, request_id=str(line.pk), verb="update",
        subject_id=line.subject_id or line.pk, **whose,
    )  # fmt: skip


def plan_of(act: Any) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        act()
    return [step for query in asked.captured_queries if "logbook" in query["sql"] or "change" in query["sql"]
            for step in explained(query["sql"])]  # fmt: skip


def walks(plan: list[str]) -> list[str]:
    """Return the steps that look at all lines of a table."""
    tables = ("logbook_entry", "logbook_cycle", "directory_change")
    scans = [step for step in plan if any(table in step for table in tables)]
    return [step for step in scans if "Seq Scan" in step or (step.startswith("SCAN") and "USING" not in step)]


@pytest.mark.parametrize(
    "asked, index",
    [
        ("", "entry_of_note"),
        ("view=requests", "entry_by_domain"),
        ("kind=removed", "entry_by_outcome"),
        ("cause=SL-NAME-TAKEN", "entry_by_error"),
        ("result=failed", "entry_failed"),
        (f"who={RARE}", "entry_by_connection"),
        (f"view=requests&who={RARE}", "entry_by_connection"),
    ],
)
def test_a_page_is_found_by_its_index(town: Domain, asked: str, index: str) -> None:
    given = dict(part.split("=") for part in asked.split("&") if part)
    plan = plan_of(lambda: list(LogForm(town, given).rows().order_by("-id")[:51]))
    assert walks(plan) == [], plan
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if "TEMP B-TREE" in step or step.strip().startswith("Sort ")], plan


@pytest.mark.parametrize("query", ["", "before={line}", "after={line}", "q=users"])
def test_a_page_of_what_strangers_were_refused_is_found_by_its_index(town: Domain, query: str) -> None:
    asked = QueryDict(query.format(line=earliest_id(BEGINNING + timedelta(hours=1))))
    rows = Entry.objects.filter(FAILED, domain_id=None)
    plan = plan_of(lambda: _part_of(_found(rows, Search(asked)), asked))
    assert walks(plan) == [], plan
    assert any("entry_failed" in step for step in plan), plan
    assert not [step for step in plan if "TEMP B-TREE" in step or step.strip().startswith("Sort ")], plan


def test_a_change_is_found_by_its_subject(town: Domain) -> None:
    entries = list(Entry.objects.filter(domain_id=town.pk, changed=True).order_by("-id")[:10])
    found: dict[str, Change] = {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # two hundred changes are so few that it would rather walk
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = plan_of(lambda: found.update(changes_of(town, entries)))
    assert len(found) == 10
    assert walks(plan) == [], plan
    assert any("change_by_subject" in step for step in plan), plan


def test_counting_goes_on_behind_the_bookmark(town: Domain) -> None:
    plan = plan_of(lambda: cycles._calls(town.pk, Bookmark.objects.get(pk=town.pk)))
    assert walks([step for step in plan if "bookmark" not in step]) == [], plan


def test_causes_are_counted_among_failures_alone(town: Domain) -> None:
    plan = plan_of(lambda: causes_of(town))
    assert walks(plan) == [], plan
    assert any("entry_failed" in step for step in plan), plan


def test_a_walk_would_be_seen(town: Domain) -> None:
    assert walks(plan_of(lambda: list(Entry.objects.filter(detail="x"))))

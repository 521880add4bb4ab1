"""Entra's cycles are recognised by their probes and the gaps between them, and counted once, whatever comes late."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from scim import cycles
from scim.cycles import Call
from scim.health import Forecast, Health, has_synced
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain
from securelogin.logbook.models import Bookmark, Cycle, Entry
from tests.management.running import run

NOW = datetime.now(UTC)
CONNECTION = uuid4()
PROBE = f"filter=userName+eq+%22{uuid4()}%22"


def call(**of: Any) -> Call:
    usual = {"id": uuid7(), "at": NOW, "connection_id": CONNECTION, "method": "GET", "query": "", "status": 200}
    return Call(**{**usual, "outcome": "", **of})


@pytest.mark.parametrize(
    "query, expected",
    [
        ("filter=userName+eq+%22{guid}%22", True),
        ("excludedAttributes=members&filter=displayName+eq+%22{guid}%22", True),
        ("filter=emails%5btype+eq+%22work%22%5d.value+eq+%22{guid}%22", True),
        ("filter=userName%20eq%20cf4d78e8cc4f4d5db8b9183561c0104a", True),
        ("filter=userName+eq+%22ann%40acme.example%22", False),
        ("filter=externalId+eq+%22{guid}%22", False),
        ("filter=urn%3aietf%3aparams%3ascim%3acore%3aUser%3aexternalId+eq+%22{guid}%22", False),
        ("filter=id+eq+%22{guid}%22", False),
        ("filter=id+eq+%22{guid}%22+and+manager+eq+%22{guid}%22", False),
        ("", False),
    ],
)  # fmt: skip
def test_a_probe_asks_for_a_name_that_is_a_guid(query: str, *, expected: bool) -> None:
    asked = query.format(guid=uuid4())
    assert call(query=asked).is_probe is expected
    assert not call(query=asked, method="POST").is_probe


@pytest.mark.parametrize(
    "status, method, failed",
    [(200, "GET", 0), (404, "GET", 0), (404, "DELETE", 0), (404, "PATCH", 1), (409, "POST", 1)],
)
def test_looking_for_what_is_gone_is_no_failure(status: int, method: str, failed: int) -> None:
    assert call(status=status, method=method).is_failure == failed


def line(domain: Domain, ago: timedelta, **of: Any) -> Entry:
    at = datetime.now(UTC) - ago
    milliseconds = int(at.timestamp() * 1000)
    key = UUID(int=milliseconds << 80 | (uuid7().int & ((1 << 80) - 1)))
    values = {"connection_id": CONNECTION, "method": "GET", "path": "/scim/v2/Users", "status": 200, **of}
    return Entry.objects.create(id=key, domain_id=domain.pk, at=at, milliseconds=1, **values)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def history(acme: Domain, umbra: Domain) -> None:
    """Two cycles, forty minutes apart, one of them with a Test Connection in its middle; and a neighbour's."""
    line(acme, minutes(60), query=PROBE)
    line(acme, minutes(60), query=PROBE, path="/scim/v2/Groups")
    line(acme, minutes(59), method="POST", status=201, outcome="created", changed=True)
    line(acme, minutes(58.5), query=PROBE)
    line(acme, minutes(58), method="PATCH", outcome="disabled", changed=True)
    line(acme, minutes(57), method="PATCH", status=400)
    line(acme, minutes(20), query=PROBE)
    line(acme, minutes(20), method="POST", path="/oauth/token")
    line(umbra, minutes(19), query=PROBE)
    line(acme, minutes(19), connection_id=None)


def told(domain: Domain) -> list[tuple[int, ...]]:
    names = ("calls", "probes", "created", "changed", "disabled", "removed", "failed", "refused")
    return [tuple(getattr(cycle, name) for name in names) for cycle in cycles.recent(domain.pk)]


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_cycles_are_counted_newest_first_and_once(acme: Domain) -> None:
    expected = [(1, 1, 0, 0, 0, 0, 0, 0), (6, 3, 1, 0, 1, 0, 1, 0)]
    assert told(acme) == told(acme) == expected
    assert [cycle.calls for cycle in Cycle.objects.filter(domain_id=acme.pk).order_by("-id")] == [1, 6]


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_a_cycle_goes_on_where_it_was_counted_to(acme: Domain) -> None:
    told(acme)
    line(acme, minutes(19), method="DELETE", status=204, outcome="removed", changed=True)
    assert told(acme)[0] == (2, 1, 0, 0, 0, 1, 0, 0)
    assert Cycle.objects.filter(domain_id=acme.pk).count() == 2


@pytest.mark.django_db
def test_what_came_this_second_is_shown_and_counted_later(acme: Domain) -> None:
    line(acme, timedelta(seconds=2), query=PROBE)
    assert told(acme) == told(acme) == [(1, 1, 0, 0, 0, 0, 0, 0)]
    assert not Cycle.objects.exists()


@pytest.mark.django_db
def test_a_gap_ends_a_cycle_of_a_client_that_does_not_probe(acme: Domain) -> None:
    for ago in (60, 51, 42, 20):
        line(acme, minutes(ago))
    assert [calls for calls, *_ in told(acme)] == [1, 3]


@pytest.mark.django_db
def test_each_connection_has_cycles_of_its_own(acme: Domain) -> None:
    other = uuid4()
    for ago in (5, 4, 3):
        line(acme, minutes(ago))
        line(acme, minutes(ago), connection_id=other)
    assert [calls for calls, *_ in told(acme)] == [3, 3]


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_who_comes_second_leaves_the_first_ones_count(acme: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = cycles._keep

    def late(mark: Bookmark, *rest: Any) -> bool:
        Bookmark.objects.filter(pk=mark.pk).update(entry_id=uuid7())
        return keep(mark, *rest)

    monkeypatch.setattr(cycles, "_keep", late)
    assert told(acme) == []
    assert not Cycle.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_many_lines_are_counted_in_batches(acme: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "BATCH", 2)
    assert [calls for calls, *_ in told(acme)] == [1, 6]


@pytest.mark.django_db
def test_counting_costs_the_same_for_few_and_for_many(
    acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    line(acme, minutes(90))
    told(acme)
    for lines, since in ((1, 60), (60, 40)):
        for number in range(lines):
            line(acme, minutes(since - number / 10), query=PROBE)
        with django_assert_num_queries(8):
            told(acme)


@pytest.mark.django_db
@pytest.mark.usefixtures("history")
def test_housekeeping_counts_what_no_page_has(acme: Domain, settings: Any) -> None:
    assert run("housekeeping")["cycles_counted"] == "3"
    settings.LOGBOOK_DAYS = 0
    assert run("housekeeping")["cycles_counted"] == "0"


def cycle(began: timedelta, minutes_long: float = 1, **of: int) -> Cycle:
    return Cycle(began=NOW - began, ended=NOW - began + minutes(minutes_long), **{"calls": 10, "probes": 1, **of})


@pytest.mark.parametrize(
    "minutes_ago, running, stale", [(1, True, False), (30, False, False), (100, False, False), (130, False, True)]
)
def test_a_sync_runs_waits_or_is_stale(minutes_ago: int, *, running: bool, stale: bool) -> None:
    health = Health([cycle(minutes(minutes_ago))], NOW)
    assert (health.is_running, health.is_stale) == (running, stale)
    assert health.next_expected == NOW - minutes(minutes_ago) + minutes(40)


def test_the_interval_is_the_usual_one_of_the_domain() -> None:
    assert Health([cycle(minutes(60 * number)) for number in range(6)], NOW).interval == minutes(60)
    assert Health([cycle(minutes(number)) for number in range(6)], NOW).interval == minutes(40)
    assert not Health([], NOW).is_stale
    assert Health([], NOW).next_expected is None


@pytest.mark.parametrize(
    "of, expected",
    [
        ({}, Forecast.CLEAR),
        ({"failed": 3}, Forecast.SINGLE),
        ({"failed": 600, "changed": 700}, Forecast.NEAR),
        ({"failed": 600, "changed": 5_000}, Forecast.SINGLE),
        ({"failed": 5_000, "changed": 5_000}, Forecast.DUE),
        ({"failed": 40_001, "changed": 500_000}, Forecast.DUE),
        ({"failed": 10, "refused": 10}, Forecast.REFUSED),
        ({"failed": 10, "refused": 1}, Forecast.SINGLE),
    ],
)
def test_the_forecast_follows_entras_arithmetic(of: dict[str, int], expected: Forecast) -> None:
    assert Health([cycle(minutes(30), **of)], NOW).forecast is expected


@pytest.mark.parametrize(
    "of, expected", [({}, True), ({"calls": 2, "probes": 2}, False), ({"calls": 5, "failed": 5}, False)]
)
def test_a_full_cycle_is_more_than_a_probe(of: dict[str, int], *, expected: bool) -> None:
    assert has_synced([cycle(minutes(30), **of)], NOW) is expected
    assert not has_synced([cycle(minutes(0), **of)], NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("status, seen", [(200, True), (401, False), (403, False), (429, False), (503, False)])
def test_a_test_call_counts_when_it_is_answered(acme: Domain, status: int, *, seen: bool) -> None:
    line(acme, minutes(5), query=PROBE, status=status)
    assert (cycles.last_test(acme.pk, CONNECTION) is not None) is seen
    told(acme)  # counts it
    assert (cycles.last_test(acme.pk, CONNECTION) is not None) is seen


@pytest.mark.django_db
def test_a_test_call_of_long_ago_is_remembered_beside_a_connection_that_is_busy(
    acme: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim.cycles.SHOWN", 2)
    line(acme, minutes(900), query=PROBE)
    for ago in (800, 700, 600, 500):
        line(acme, minutes(ago), connection_id=uuid4(), query=PROBE)
    told(acme)
    assert cycles.last_test(acme.pk, CONNECTION) is not None

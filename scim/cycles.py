"""Cycles: Entra's runs, recognised in the lines of the logbook and counted once, so that no page counts them again.

Every run begins with a probe, a filter for a name that nobody has; what the probes leave open, the gaps tell.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import parse_qs
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from securelogin.logbook.models import Bookmark, Cycle, Entry

# A probe begins another cycle when nothing was asked for a minute: a Test Connection in the middle of one does not.
PAUSE = timedelta(minutes=1)
# Whatever comes after this long is another cycle, with a probe or without.
GAP = timedelta(minutes=10)
# Lines of reads are written in batches, a second or two late; what is younger is counted anew each time.
SETTLED_AFTER = timedelta(seconds=15)
BATCH = 25_000
_BATCHES = 4  # in one go, so that no page waits for long; housekeeping goes on
SHOWN = 50

_GUID = r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"
_HAS_GUID = re.compile(_GUID, re.IGNORECASE)
_PROBE = re.compile(rf'\s*([\w.:-]+(?:\[[^\]]*\])?(?:\.\w+)?)\s+eq\s+"?{_GUID}"?\s*', re.IGNORECASE)
# An id is a GUID, and an externalId may well be one: a question for those is no probe.
_GUIDS_THEMSELVES = {"id", "externalid"}
_COUNTED = ("created", "changed", "disabled", "removed")
_TALLIES = (*_COUNTED, "failed", "refused")


class Call(NamedTuple):
    """What is read of a line."""

    id: UUID
    at: datetime
    connection_id: UUID
    method: str
    query: str
    status: int
    outcome: str

    @property
    def is_probe(self) -> bool:
        """Tell whether it asks for a name that is a random GUID, as Test Connection and every run of Entra's does."""
        if self.method != "GET" or not _HAS_GUID.search(self.query):
            return False
        filters = parse_qs(self.query).get("filter", [])
        asked = [found[1] for text in filters if (found := _PROBE.fullmatch(text))]
        return any(name.rpartition(":")[2].lower() not in _GUIDS_THEMSELVES for name in asked)

    @property
    def is_failure(self) -> bool:
        """Tell whether it went wrong: looking for what is gone, and deleting it again, is how Entra finds out."""
        return self.status >= 400 and not (self.status == 404 and self.method in {"GET", "DELETE"})


def fold(domain_id: UUID, latest: dict[UUID, Cycle], calls: Iterable[Call]) -> Iterator[Cycle]:
    """Count calls, in order, into cycles; yield each cycle that was touched, as often as it was.

    `latest` has the last cycle of each connection, and is kept so.
    """
    for call in calls:
        cycle, probing = latest.get(call.connection_id), call.is_probe
        if cycle is None or call.at - cycle.ended > (PAUSE if probing else GAP):
            cycle = Cycle(
                id=call.id, domain_id=domain_id, connection_id=call.connection_id, began=call.at, ended=call.at
            )
            latest[call.connection_id] = cycle
        _count(cycle, call, probing=probing)
        yield cycle


def _count(cycle: Cycle, call: Call, *, probing: bool) -> None:
    cycle.ended = max(cycle.ended, call.at)
    cycle.calls += 1
    cycle.probes += probing
    cycle.failed += call.is_failure
    cycle.refused += call.status in {401, 403}
    outcome = {"enabled": "changed", "restored": "created"}.get(call.outcome, call.outcome)
    if outcome in _COUNTED:
        setattr(cycle, outcome, getattr(cycle, outcome) + 1)


def recent(domain_id: UUID) -> list[Cycle]:
    """Count what is new, and return the domain's latest cycles, newest first, up to this second."""
    touched = catch_up(domain_id)
    cycles = {cycle.pk: cycle for cycle in [*_stored(domain_id), *touched]}
    return sorted(cycles.values(), key=lambda cycle: cycle.pk, reverse=True)[:SHOWN]


def last_test(domain_id: UUID, connection_id: UUID) -> datetime | None:
    """Return when a probe of this connection was answered last; a pause and a refusal are no answers."""
    touched = [cycle for cycle in catch_up(domain_id) if cycle.connection_id == connection_id]
    stored = Cycle.objects.filter(domain_id=domain_id, connection_id=connection_id, probes__gt=0, failed__lt=F("calls"))
    answered = [
        *stored.order_by("-id")[:1],
        *(cycle for cycle in touched if cycle.probes and cycle.failed < cycle.calls),
    ]
    return max((cycle.ended for cycle in answered), default=None)


def catch_up(domain_id: UUID, batches: int = _BATCHES) -> list[Cycle]:
    """Count the lines that nobody has counted, and keep the result; return the cycles that were touched.

    What came in the last seconds is in what is returned, and not in what is kept.
    """
    touched: dict[UUID, Cycle] = {}
    for _ in range(batches):
        mark = _mark(domain_id)
        latest = {cycle.connection_id: cycle for cycle in reversed(_stored(domain_id))}
        calls = _calls(domain_id, mark)
        settled = list(takewhile(_settled_before(timezone.now() - SETTLED_AFTER), calls))
        counted = {cycle.pk: cycle for cycle in fold(domain_id, latest, settled)}
        if settled and not _keep(mark, settled[-1].id, list(counted.values())):
            return []  # somebody else has counted these meanwhile
        touched |= counted
        touched |= {cycle.pk: cycle for cycle in fold(domain_id, latest, calls[len(settled) :])}
        if len(settled) < BATCH:
            break
    return list(touched.values())


def _settled_before(moment: datetime) -> Callable[[Call], bool]:
    return lambda call: call.at < moment


def _mark(domain_id: UUID) -> Bookmark:
    mark = Bookmark.objects.filter(domain_id=domain_id).first()
    if mark is None:
        mark = Bookmark(domain_id=domain_id, entry_id=UUID(int=0))
        Bookmark.objects.bulk_create([mark], ignore_conflicts=True)
    return mark


def _stored(domain_id: UUID) -> list[Cycle]:
    return list(Cycle.objects.filter(domain_id=domain_id).order_by("-id")[:SHOWN])


def _calls(domain_id: UUID, mark: Bookmark) -> list[Call]:
    """Return the lines behind the bookmark that are Entra's, oldest first."""
    lines = Entry.objects.filter(domain_id=domain_id, id__gt=mark.entry_id)
    lines = lines.filter(connection_id__isnull=False, path__startswith="/scim/")
    return [Call(*row) for row in lines.order_by("id").values_list(*Call._fields)[:BATCH]]


def _keep(mark: Bookmark, counted_up_to: UUID, cycles: list[Cycle]) -> bool:
    """Move the bookmark and keep the cycles, unless somebody has moved it since it was read."""
    with transaction.atomic():
        if not Bookmark.objects.filter(pk=mark.pk, entry_id=mark.entry_id).update(entry_id=counted_up_to):
            return False
        Cycle.objects.bulk_create(
            cycles, update_conflicts=True, unique_fields=["id"], update_fields=["ended", "calls", "probes", *_TALLIES]
        )
    return True

"""A page of the provisioning log: lines with what the journal, the people and the cycles tell beside them.

Each of these is asked once for the whole page, by an index, whatever the size of the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from securelogin.console.provisioning.changes import Difference, differences
from securelogin.console.provisioning.sentences import sentence
from securelogin.console.timeline import names_of
from securelogin.directory.ids import earliest_id, is_id, parse_id
from securelogin.directory.models import Change, Domain
from securelogin.logbook.models import Cycle, Entry

PER_PAGE = 50
# Names that a line of the list says; the page of the line says as many as are sensible.
FEW, MANY = 3, 100
# Longer than a request may take: a change was recorded at most so much later than its request began.
_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Names:
    """Some names, and how many more there are."""

    shown: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what is told beside it; `opens` is the cycle that the lines from here on belong to."""

    entry: Entry
    sentence: str
    differences: list[Difference] = field(default_factory=list)
    joined: Names = Names()
    left: Names = Names()
    opens: Cycle | None = None

    @property
    def is_failure(self) -> bool:
        return self.entry.status >= 400


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, and the ids from which the pages before and after it go on; None at the ends."""

    lines: list[ShownLine]
    newer: UUID | None
    older: UUID | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known around a line."""

    whom: str
    names: dict[str, str]
    limit: int
    opens: Cycle | None


def page_of(domain: Domain, rows: QuerySet[Entry], before: str, after: str) -> Page:
    """Return the page behind or before a line's id, else the first: rows are found by id and never counted."""
    start, end = parse_id(before), parse_id(after)
    if end is not None and start is None:
        found = list(reversed(rows.filter(id__gt=end).order_by("id")[: PER_PAGE + 1]))
        more, entries = len(found) > PER_PAGE, found[-PER_PAGE:]
        return _page(domain, entries, has_newer=more, has_older=bool(entries))
    rows = rows if start is None else rows.filter(id__lt=start)
    found = list(rows.order_by("-id")[: PER_PAGE + 1])
    return _page(domain, found[:PER_PAGE], has_newer=start is not None, has_older=len(found) > PER_PAGE)


def _page(domain: Domain, entries: list[Entry], *, has_newer: bool, has_older: bool) -> Page:
    lines = shown(domain, entries)
    newer = entries[0].pk if has_newer and entries else None
    return Page(lines, newer, entries[-1].pk if has_older and entries else None)


def shown(domain: Domain, entries: Sequence[Entry], limit: int = FEW) -> list[ShownLine]:
    """Return lines as they are shown, in five statements at most."""
    changes = changes_of(domain, entries)
    names = names_of(domain, _named(entries, changes.values(), limit))
    cycles, opened = cycles_of(domain, entries), None
    lines = []
    for entry in entries:
        cycle = _cycle_of(entry, cycles)
        whom = names.get(str(entry.subject_id)) or entry.subject_label
        told = _Told(whom, names, limit, None if cycle is opened else cycle)
        lines.append(_line(entry, changes.get(str(entry.pk)), told))
        opened = cycle
    return lines


def _line(entry: Entry, change: Change | None, told: "_Told") -> ShownLine:
    said, opens = sentence(entry, told.whom), told.opens
    if change is None:
        return ShownLine(entry, said, opens=opens)
    came, went = (_names(side.get("members", []), told) for side in (change.after, change.before))
    differing = [] if entry.outcome in {"created", "removed"} else differences(change.before, change.after)
    return ShownLine(entry, said, differing, came, went, opens)


def _names(ids: list[str], told: "_Told") -> Names:
    known = (told.names.get(one, one[:8]) for one in ids[: told.limit])
    return Names(tuple(known), max(0, len(ids) - told.limit))


def changes_of(domain: Domain, entries: Iterable[Entry]) -> dict[str, Change]:
    """Return what the journal has of these lines, by the request's id: for each, a small range of its subject's."""
    ranges = [
        Q(
            subject_id=entry.subject_id,
            id__gt=entry.pk,
            id__lt=earliest_id(entry.at + _WITHIN),
            request_id=str(entry.pk),
        )
        for entry in entries
        if entry.changed and entry.subject_id
    ]
    if not ranges:
        return {}
    found = Change.objects.filter(reduce(or_, ranges), domain=domain)
    return {change.request_id: change for change in found}


def _named(entries: Iterable[Entry], changes: Iterable[Change], limit: int) -> set[str]:
    """Return the ids of all who are named: the subjects, and the first of those who came and went."""
    ids = {str(entry.subject_id) for entry in entries if entry.subject_type in {"User", "Group"} and entry.subject_id}
    for change in changes:
        for side in (change.before, change.after):
            ids |= {one for one in side.get("members", [])[:limit] if is_id(one)}
    return ids


def cycles_of(domain: Domain, entries: Sequence[Entry]) -> list[Cycle]:
    """Return the cycles that these lines, newest first, may belong to, newest first."""
    if not entries:
        return []
    newest, oldest = entries[0], entries[-1]
    rows = Cycle.objects.filter(domain_id=domain.pk, id__lte=newest.pk, ended__gte=oldest.at)
    return list(rows.order_by("-id")[:PER_PAGE])


def _cycle_of(entry: Entry, cycles: list[Cycle]) -> Cycle | None:
    own = (cycle for cycle in cycles if cycle.connection_id == entry.connection_id and cycle.id <= entry.pk)
    return next((cycle for cycle in own if entry.at <= cycle.ended), None)

"""What never settles: attributes set back and forth, members that come and go, and what is sent again though it is
ignored, cycle after cycle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from scim.resources.catalogue import GROUP_RESOURCE, USER_RESOURCE
from securelogin.console.facts import differences
from securelogin.directory.ids import parse_id
from securelogin.directory.models import Change, Domain
from securelogin.directory.statements import GROUPS, USERS
from securelogin.logbook.asking import WITH_WARNINGS
from securelogin.logbook.models import Cycle, Entry

# What happens to a person or a group in so many of the latest cycles does not end by itself.
LATEST, OFTEN = 6, 3
# Of a flood of changes, of what they say, and of the members of one, the latest tell enough, and looking through them
# stays quick.
MOST, MOST_READ, MOST_MEMBERS = 5_000, 1_000, 200
MEMBERS = GROUPS.related
_RESOURCES = {USERS.name: USER_RESOURCE, GROUPS.name: GROUP_RESOURCE}


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An attribute by its name, MEMBERS, or the warning with which something is ignored; of how many people or groups,
    and what one of them is called.
    """

    said: str
    total: int
    example: str
    is_ignored: bool
    subject_type: str = USERS.name


class _Subject(NamedTuple):
    """Whom something is said of."""

    type: str
    id: UUID
    label: str


class _Sighting(NamedTuple):
    """Something said in a cycle; `value` is what was set, if anything was, and `member` who came or went."""

    said: str
    value: str
    subject: _Subject
    cycle_id: UUID
    member: str = ""


def unsettled_of(domain: Domain, cycles: Sequence[Cycle]) -> list[Unsettled]:
    """Return what does not settle, of the most people first; `cycles` are the domain's, newest first."""
    latest = [cycle for cycle in cycles if cycle.calls > cycle.probes][:LATEST]
    if len(latest) < OFTEN:
        return []
    found = [*_repeated(_set(domain, latest), is_ignored=False), *_repeated(_ignored(domain, latest), is_ignored=True)]
    return sorted(found, key=lambda one: (-one.total, one.said, one.subject_type))


def _repeated(sightings: Iterable[_Sighting], *, is_ignored: bool) -> Iterator[Unsettled]:
    by_subject: dict[tuple[str, str, UUID, str], list[_Sighting]] = defaultdict(list)
    for each in sightings:
        by_subject[each.subject.type, each.said, each.subject.id, each.member].append(each)
    labels: dict[tuple[str, str], dict[UUID, str]] = defaultdict(dict)
    for (kind, said, subject_id, _member), own in by_subject.items():
        if _comes_back(own):
            labels[kind, said].setdefault(subject_id, own[0].subject.label)
    for (kind, said), called in labels.items():
        yield Unsettled(said, len(called), next(iter(called.values())), is_ignored, kind)


def _comes_back(own: Sequence[_Sighting]) -> bool:
    """Tell whether it was said in many cycles, and the same value in more than one: whoever moves on each time, as from
    one job to the next, moves on.
    """
    values = {(sighting.value, sighting.cycle_id) for sighting in own}
    return len({cycle for _, cycle in values}) >= OFTEN and len(values) > len({value for value, _ in values})


def _set(domain: Domain, cycles: Sequence[Cycle]) -> Iterator[_Sighting]:
    """Yield each value that provisioning gave to who or what was there, and each member, newest first."""
    latest = Change.objects.filter(domain=domain, id__gte=cycles[-1].pk).order_by("-id").values("pk")[:MOST]
    rows = Change.objects.filter(pk__in=latest, verb="update", actor_kind="connection").order_by("-id")
    told = {
        pk: (subject_id, cycle.pk)
        for pk, subject_id, actor_id, request_id in rows.values_list("pk", "subject_id", "actor_id", "request_id")
        if (cycle := _cycle_of(cycles, parse_id(actor_id), parse_id(request_id)))
    }
    # Most change once: what it was that changed is read of the others alone.
    often = Counter(subject_id for subject_id, _ in set(told.values()))
    read = [pk for pk, (subject_id, _) in told.items() if often[subject_id] >= OFTEN][:MOST_READ]
    for change in sorted(Change.objects.filter(pk__in=read), key=lambda change: change.pk, reverse=True):
        yield from _of_change(change, told[change.pk][1])


def _of_change(change: Change, cycle_id: UUID) -> Iterator[_Sighting]:
    subject = _Subject(change.subject_type, change.subject_id, change.subject_label)
    for each in differences(_RESOURCES[subject.type], change.before, change.after):
        yield _Sighting(each.name, each.after, subject, cycle_id)
    for value, side in (("came", change.after), ("went", change.before)):
        for member in side.get(MEMBERS, ())[:MOST_MEMBERS]:
            yield _Sighting(MEMBERS, value, subject, cycle_id, member)


def _ignored(domain: Domain, cycles: Sequence[Cycle]) -> Iterator[_Sighting]:
    """Yield each warning that was given about who or what there is, newest first."""
    rows = Entry.objects.filter(WITH_WARNINGS, domain_id=domain.pk, id__gte=cycles[-1].pk).order_by("-id")
    for entry in rows[:MOST]:
        cycle = _cycle_of(cycles, entry.connection_id, entry.pk)
        if cycle is not None and entry.subject_type in _RESOURCES and entry.subject_id:
            for warning in entry.warnings:
                subject = _Subject(entry.subject_type, entry.subject_id, entry.subject_label)
                yield _Sighting(warning, "", subject, cycle.pk)


def _cycle_of(cycles: Sequence[Cycle], connection_id: UUID | None, request_id: UUID | None) -> Cycle | None:
    """Return the cycle that a request over a connection belongs to: the last that had begun by then."""
    if request_id is None:
        return None
    own = (cycle for cycle in cycles if cycle.connection_id == connection_id)
    return next((cycle for cycle in own if cycle.pk <= request_id), None)

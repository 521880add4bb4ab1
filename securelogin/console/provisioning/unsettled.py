"""Attributes that never settle: set back and forth, or sent again though they are ignored, cycle after cycle."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from scim.resources.catalogue import USER_RESOURCE
from securelogin.console.facts import differences
from securelogin.directory.ids import parse_id
from securelogin.directory.models import Change, Domain
from securelogin.directory.statements import USERS
from securelogin.logbook.asking import WITH_WARNINGS
from securelogin.logbook.models import Cycle, Entry

# What happens to a person in so many of the latest cycles does not end by itself.
LATEST, OFTEN = 6, 3
# Of a flood of changes the latest tell enough, and looking through them stays quick.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An attribute by its name, or the warning with which it is ignored; of how many people, and what one is called."""

    said: str
    people: int
    example: str
    is_ignored: bool


class _Sighting(NamedTuple):
    """Something said of a person in a cycle; `value` is what was set, if anything was."""

    said: str
    value: str
    subject_id: UUID
    label: str
    cycle_id: UUID


def unsettled_of(domain: Domain, cycles: Sequence[Cycle]) -> list[Unsettled]:
    """Return what does not settle, of the most people first; `cycles` are the domain's, newest first."""
    latest = [cycle for cycle in cycles if cycle.calls > cycle.probes][:LATEST]
    if len(latest) < OFTEN:
        return []
    found = [*_repeated(_set(domain, latest), is_ignored=False), *_repeated(_ignored(domain, latest), is_ignored=True)]
    return sorted(found, key=lambda one: (-one.people, one.said))


def _repeated(sightings: Iterable[_Sighting], *, is_ignored: bool) -> Iterator[Unsettled]:
    by_person: dict[tuple[str, UUID], list[_Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_person[sighting.said, sighting.subject_id].append(sighting)
    labels: dict[str, list[str]] = defaultdict(list)
    for (said, _person), own in by_person.items():
        if _comes_back(own):
            labels[said].append(own[0].label)
    for said, people in labels.items():
        yield Unsettled(said, len(people), people[0], is_ignored)


def _comes_back(own: Sequence[_Sighting]) -> bool:
    """Tell whether it was said in many cycles, and the same value in more than one: whoever moves on each time, as from
    one job to the next, moves on.
    """
    values = {(sighting.value, sighting.cycle_id) for sighting in own}
    return len({cycle for _, cycle in values}) >= OFTEN and len(values) > len({value for value, _ in values})


def _set(domain: Domain, cycles: Sequence[Cycle]) -> Iterator[_Sighting]:
    """Yield each value that provisioning gave to somebody who was there, newest first."""
    latest = Change.objects.filter(domain=domain, id__gte=cycles[-1].pk).order_by("-id").values("pk")[:MOST]
    rows = Change.objects.filter(pk__in=latest, subject_type=USERS.name, verb="update", actor_kind="connection")
    told = [
        (change, cycle.pk)
        for change in rows.order_by("-id")
        if (cycle := _cycle_of(cycles, parse_id(change.actor_id), parse_id(change.request_id)))
    ]
    # Most people change once: what it was that changed is read of the others alone.
    often = Counter(subject_id for subject_id, _ in {(change.subject_id, cycle_id) for change, cycle_id in told})
    for change, cycle_id in told:
        if often[change.subject_id] >= OFTEN:
            for each in differences(USER_RESOURCE, change.before, change.after):
                yield _Sighting(each.name, each.after, change.subject_id, change.subject_label, cycle_id)


def _ignored(domain: Domain, cycles: Sequence[Cycle]) -> Iterator[_Sighting]:
    """Yield each warning that was given about somebody, newest first."""
    rows = Entry.objects.filter(WITH_WARNINGS, domain_id=domain.pk, id__gte=cycles[-1].pk).order_by("-id")
    for entry in rows[:MOST]:
        cycle = _cycle_of(cycles, entry.connection_id, entry.pk)
        if cycle is not None and entry.subject_type == USERS.name and entry.subject_id:
            for warning in entry.warnings:
                yield _Sighting(warning, "", entry.subject_id, entry.subject_label, cycle.pk)


def _cycle_of(cycles: Sequence[Cycle], connection_id: UUID | None, request_id: UUID | None) -> Cycle | None:
    """Return the cycle that a request over a connection belongs to: the last that had begun by then."""
    if request_id is None:
        return None
    own = (cycle for cycle in cycles if cycle.connection_id == connection_id)
    return next((cycle for cycle in own if cycle.pk <= request_id), None)

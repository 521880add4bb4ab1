"""What happens in the source between two cycles: people are hired, renamed, moved, disabled, restored and deleted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from entra import names
from entra.directory import Registrar
from entra.people import Group, Person, Source

SHARE = 0.04

T = TypeVar("T")
Event = Callable[[Person, Random], Person]


def happen(source: Source, registrar: Registrar) -> None:
    """One round of changes; each kind of event befalls a few."""
    random = registrar.random
    for event in (_promote, _marry, _lose_values, _disable):
        for person in _some([each for each in source.people.values() if each.enabled], random):
            source.put_person(event(person, random))
    _restore(source)
    _hire(source, registrar)
    _reorganise(source, random)
    _delete(source, random)
    _regroup(source, registrar)


def _some(candidates: Sequence[T], random: Random) -> list[T]:
    return random.sample(candidates, min(len(candidates), max(1, round(len(candidates) * SHARE))))


def _promote(person: Person, random: Random) -> Person:
    title, department = random.choice(names.TITLES), random.choice(names.DEPARTMENTS)
    return replace(person, job_title=f"{title} II", department=department, mobile="06-12 34 56 78")


def _marry(person: Person, random: Random) -> Person:
    """Surname, display name, user principal name and mail all change at once."""
    surname, plain = names.spelt(random.choice(names.FAMILY))
    account = f"{plain}.{person.user_principal_name}"
    display = f"{person.given_name} {surname}"
    return replace(person, surname=surname, display_name=display, user_principal_name=account, mail=account)


def _lose_values(person: Person, _random: Random) -> Person:
    """The title is emptied by an expression; the mobile number is null, which Entra does not send."""
    return replace(person, job_title="", preferred_language="", mobile=None)


def _disable(person: Person, _random: Random) -> Person:
    return replace(person, enabled=False)


def _restore(source: Source) -> None:
    """All who were disabled before the latest changes come back, so that each cycle has both."""
    untouched = {each: place for place, each in enumerate(source.log)}
    disabled = sorted(
        (each for each in source.people.values() if not each.enabled), key=lambda each: untouched[each.object_id]
    )
    for person in disabled[: len(disabled) // 2]:
        source.put_person(replace(person, enabled=True))


def _hire(source: Source, registrar: Registrar) -> None:
    for _ in _some(list(source.people), registrar.random):
        source.put_person(registrar.person())


def _reorganise(source: Source, random: Random) -> None:
    """Line managers change for some and end for others."""
    managed = [each for each in source.people.values() if each.manager]
    if not managed:
        return
    bosses = [each for each in source.people.values() if not each.manager]
    for person in _some(managed, random):
        source.put_person(replace(person, manager=random.choice(bosses).object_id))
    for person in _some(managed, random):
        source.put_person(replace(source.people[person.object_id], manager=None))


def _delete(source: Source, random: Random) -> None:
    """The reports of a deleted manager are without one."""
    for gone in _some(list(source.people), random):
        source.remove_person(gone)
        for report in [each for each in source.people.values() if each.manager == gone]:
            source.put_person(replace(report, manager=None))


def _regroup(source: Source, registrar: Registrar) -> None:
    random, people = registrar.random, list(source.people)
    lasting = list(source.groups)
    for object_id in _some(lasting, random):
        lasting.remove(object_id)
        source.put_group(replace(source.groups[object_id], name=f"{source.groups[object_id].name} (new)"))
    for group in list(source.groups.values()):
        leaving = _some(sorted(group.members), random) if group.members else []
        # As many come as may go: of a large company, a share of everybody would join each group.
        joining = random.sample(people, min(len(people), max(1, len(leaving))))
        source.put_group(replace(group, members=(group.members - {*leaving}) | {*joining}))
    for object_id in _some(lasting, random):
        source.remove_group(object_id)
    if source.groups:
        source.put_group(_founded(registrar, people))


def _founded(registrar: Registrar, people: list[str]) -> Group:
    return replace(registrar.group(), members=frozenset(_some(people, registrar.random)))

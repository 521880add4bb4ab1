"""The second pass: line managers and memberships, written when the objects they point to exist.

RFC 7643 section 2.3.7.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from entra import bodies, wire
from entra.job import Job
from entra.mapping import MANAGER
from entra.people import Group, Person
from entra.wire import Json

Holds = Callable[[Job, str, str, Json], bool]


class Membership(NamedTuple):
    group: Group
    member: str


class Addition(NamedTuple):
    group: Group
    members: tuple[str, ...]


Task = TypeVar("Task", Membership, Addition)


def manager_is_shown(_job: Job, _identifier: str, manager: str, shown: Json) -> bool:
    """In an incremental cycle, the GET before has told. It must stand under the enterprise URN."""
    return bool(MANAGER.read(shown) == manager)


def manager_is_found(job: Job, identifier: str, manager: str, _shown: Json) -> bool:
    """In an initial cycle, Entra asks for the user *with* this manager."""
    return bool(job.demand(wire.check_manager(identifier, manager, job.style)).resources)


def managers(job: Job, shown: Mapping[str, Json], holds: Holds) -> None:
    """`shown` has the users of this cycle, as the target showed them before."""
    if not job.mapping.managers:
        return
    waiting: dict[str, Json] = {object_id: {} for object_id in job.memory.open_managers if object_id not in shown}
    todo = [(job.source.people[each], seen) for each, seen in {**waiting, **shown}.items() if each in job.source.people]
    job.crew.each("Managers", todo, lambda pair: job.attempt(pair[0].object_id, lambda: _manager(job, *pair, holds)))


def _manager(job: Job, person: Person, shown: Json, holds: Holds) -> None:
    identifier = job.memory.users.get(person.object_id)
    if identifier is None:
        return
    job.memory.open_managers.discard(person.object_id)
    if person.manager is None:
        _clear_manager(job, identifier, shown)
    elif manager := job.memory.users.get(person.manager):
        if not holds(job, identifier, manager, shown):
            _write_manager(job, identifier, bodies.manager_set(manager, job.style))
    else:
        # References lead only to objects that are in scope; this one may come later.
        job.memory.open_managers.add(person.object_id)


def _clear_manager(job: Job, identifier: str, shown: Json) -> None:
    if MANAGER.read(shown):
        _write_manager(job, identifier, bodies.manager_clear(identifier, job.style))


def _write_manager(job: Job, identifier: str, body: Json) -> None:
    job.demand(wire.set_manager(identifier, body, job.style))


def members(job: Job, groups: Iterable[Group]) -> None:
    """Additions in batches, removals one by one. Entra never reads members: it trusts what it has written."""
    ready = [group for group in groups if group.object_id in job.memory.groups]
    _recall(job, ready)
    additions = [each for group in ready for each in _additions(job, group)]
    removals = [each for group in ready for each in _removals(job, group)]
    _each(job, "Members", additions, _add)
    _each(job, "Leavers", removals, _remove)


def _recall(job: Job, groups: Iterable[Group]) -> None:
    """After a restart each membership of a group that was found, not created, is asked for."""
    unknown = [group for group in groups if group.object_id not in job.memory.members]
    for group in unknown:
        job.memory.members[group.object_id] = set()
    present = [Membership(group, member) for group in unknown for member in _in_scope(job, group)]
    _each(job, "Memberships", present, _check)


def _in_scope(job: Job, group: Group) -> set[str]:
    return {member for member in group.members if member in job.memory.users}


def _additions(job: Job, group: Group) -> Iterable[Addition]:
    missing = sorted(_in_scope(job, group) - job.memory.members[group.object_id])
    for start in range(0, len(missing), job.member_batch):
        yield Addition(group, tuple(missing[start : start + job.member_batch]))


def _removals(job: Job, group: Group) -> Iterable[Membership]:
    return [Membership(group, each) for each in sorted(job.memory.members[group.object_id] - group.members)]


def _check(job: Job, membership: Membership) -> None:
    group, member = membership
    request = wire.check_member(job.memory.groups[group.object_id], job.memory.users[member], job.style)
    if job.demand(request).resources:
        job.memory.members[group.object_id].add(member)


def _add(job: Job, addition: Addition) -> None:
    group, joining = addition
    body = bodies.members_add([job.memory.users[each] for each in joining], job.style)
    job.demand(wire.add_members(job.memory.groups[group.object_id], body, job.style))
    job.memory.members[group.object_id].update(joining)


def _remove(job: Job, membership: Membership) -> None:
    group, leaver = membership
    body = bodies.member_remove(job.memory.users[leaver], job.style)
    job.demand(wire.remove_member(job.memory.groups[group.object_id], body, job.style))
    job.memory.members[group.object_id].discard(leaver)


def _each(job: Job, title: str, tasks: list[Task], work: Callable[[Job, Task], None]) -> None:
    job.crew.each(title, tasks, lambda task: job.attempt(task.group.object_id, lambda: work(job, task)))

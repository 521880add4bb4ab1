"""The read-back: everything in the target compared with the source, through lists, single reads and look-ups.

Entra itself never does this; the stand-in does, to be sure that what was accepted was also kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entra import wire
from entra.checks import NOT_SHOWN, RESENT, Finding, not_as_sent
from entra.job import Job
from entra.mapping import MANAGER, differences, group_values
from entra.operations import READ_DELETED, Kind
from entra.people import Group, Person
from entra.transport import Exchange
from entra.wire import Json

FEWEST, MOST = 5, 100
LOOK_UPS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A resource and the page it stood on."""

    resource: Json
    page: Exchange


def everything(job: Job) -> None:
    users = _listed(job, Kind.USER)
    for person in job.source.people.values():
        _user(job, person, users)
    if job.mapping.groups:
        groups = _listed(job, Kind.GROUP)
        for group in job.source.groups.values():
            _group(job, group, groups)
        job.crew.each("Read back", job.source.groups.values(), lambda group: _members(job, group))
    _look_ups(job)
    for kind, identifier in job.deleted[-LOOK_UPS:]:
        job.ask(wire.read(kind, identifier, job.style).meant_as(READ_DELETED[kind]))


def _listed(job: Job, kind: Kind) -> dict[str, Row]:
    """All resources, page by page (RFC 7644 section 3.4.2.4)."""
    rows: dict[str, Row] = {}
    start, size = 1, max(FEWEST, min(MOST, len(job.memory.cache(kind)) // 4))
    while True:
        exchange = job.ask(wire.page(kind, start, size, job.style))
        page = {str(each.get("id")): Row(each, exchange) for each in exchange.resources}
        for wrong in _page_faults(exchange, (start, size), rows.keys() & page.keys()):
            job.object_to(exchange, Finding(wrong, NOT_SHOWN))
        rows |= page
        start += len(exchange.resources)
        if not exchange.resources or start > _total(exchange):
            return rows


def _total(exchange: Exchange) -> int:
    """What is not a number has been objected to already."""
    total = exchange.document.get("totalResults")
    return total if isinstance(total, int) else 0


def _page_faults(exchange: Exchange, asked: tuple[int, int], repeated: Iterable[str]) -> Iterator[str]:
    document, count, (start, size) = exchange.document, len(exchange.resources), asked
    if document.get("startIndex") != start:
        yield f"startIndex is {document.get('startIndex')}; {start} was asked for."
    if document.get("itemsPerPage") != count:
        yield f"itemsPerPage is {document.get('itemsPerPage')}, yet {count} Resources came."
    if count > size:
        yield f"{count} Resources came; {size} were asked for."
    yield from (f"{identifier} stood on an earlier page too." for identifier in repeated)


def _user(job: Job, person: Person, rows: dict[str, Row]) -> None:
    identifier = job.memory.users.get(person.object_id)
    if identifier and (row := _present(job, Kind.USER, identifier, rows)):
        wanted, shown = job.mapping.values(person), job.mapping.existing(row.resource)
        _compare(job, row, wanted, shown)
        _manager(job, person, row)


def _group(job: Job, group: Group, rows: dict[str, Row]) -> None:
    identifier = job.memory.groups.get(group.object_id)
    if identifier and (row := _present(job, Kind.GROUP, identifier, rows)):
        _compare(job, row, group_values(group), row.resource)


def _present(job: Job, kind: Kind, identifier: str, rows: dict[str, Row]) -> Row | None:
    row = rows.get(identifier)
    if row is None:
        exchange = job.ask(wire.read(kind, identifier, job.style))
        job.object_to(exchange, Finding(f"{identifier} stands on no page of the list.", NOT_SHOWN))
    return row


def _compare(job: Job, row: Row, wanted: Json, shown: Json) -> None:
    for path, value in differences(wanted, shown).items():
        job.object_to(row.page, not_as_sent(path, value, shown.get(path)))


def _manager(job: Job, person: Person, row: Row) -> None:
    wanted = job.memory.users.get(person.manager) if person.manager else None
    shown = MANAGER.read(row.resource)
    if job.mapping.managers and shown != wanted and (wanted or not person.manager):
        job.object_to(row.page, not_as_sent(MANAGER.path, wanted, shown))


def _members(job: Job, group: Group) -> None:
    """Strangers are tolerated in a group that was there before: Entra never looks at members."""
    identifier = job.memory.groups.get(group.object_id)
    if identifier is None:
        return
    exchange = job.ask(wire.read_with_members(identifier, job.style))
    listed = exchange.members
    wanted = {job.memory.users[each] for each in group.members if each in job.memory.users}
    strange = set(listed) - wanted if identifier in job.created else set()
    if (wanted - set(listed)) or strange or len(listed) > len(set(listed)):
        wrong = f"{len(wanted - set(listed))} members are missing, {len(strange)} are too many of {len(listed)}."
        job.object_to(exchange, Finding(wrong, NOT_SHOWN))


def _look_ups(job: Job) -> None:
    """Disabled users are found too, and the case of a name does not matter."""
    provisioned = [each for each in job.source.people.values() if each.object_id in job.memory.users]
    disabled = [each for each in provisioned if not each.enabled]
    for person in (*disabled[:LOOK_UPS], *provisioned[:LOOK_UPS]):
        name = person.user_principal_name
        wanted = job.memory.users[person.object_id]
        _found(job, Kind.USER, ("userName", name.upper()), wanted)
    for group in [each for each in job.source.groups.values() if each.name.isascii()][:LOOK_UPS]:
        if job.mapping.groups and (wanted := job.memory.groups.get(group.object_id, "")):
            _found(job, Kind.GROUP, ("displayName", group.name.swapcase()), wanted)


def _found(job: Job, kind: Kind, condition: tuple[str, str], wanted: str) -> None:
    exchange = job.ask(wire.match(kind, *condition, job.style))
    if [each.get("id") for each in exchange.resources] != [wanted]:
        wrong = f"{condition[0]} {condition[1]!r} must find {wanted}, whatever its case and whether active or not."
        job.object_to(exchange, Finding(wrong, RESENT))

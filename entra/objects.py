"""One user or one group on its way to the target: match, create, or read and update.

Entra "How provisioning works".
"""

from entra import bodies, operations, wire
from entra.checks import INCOMPATIBLE_FILTERING, Finding, duplicates, not_as_sent
from entra.job import Job, ObjectFailed
from entra.mapping import differences, group_values
from entra.operations import Kind
from entra.people import Group, Person
from entra.targets import Target
from entra.transport import Exchange
from entra.wire import Json, Request


def user(job: Job, person: Person) -> Json | None:
    """The user as the target showed it before the update: empty for a new one, None when there is none.

    Raises ObjectFailed.
    """
    identifier = job.memory.users.get(person.object_id) or _find_user(job, person)
    if identifier:
        return _update_user(job, person, identifier)
    # Entra creates nobody who is disabled.
    return _create_user(job, person) if person.enabled else None


def group(job: Job, group: Group) -> None:
    """Raises ObjectFailed."""
    identifier = job.memory.groups.get(group.object_id) or _find_group(job, group)
    if identifier:
        _update_group(job, group, identifier)
    else:
        _create_group(job, group)


def delete(job: Job, kind: Kind, object_id: str) -> None:
    """Raises ObjectFailed. What the target never had needs no deleting."""
    identifier = job.memory.cache(kind).get(object_id)
    if identifier:
        job.demand(wire.delete(kind, identifier, job.style))
        job.deleted.append((kind, identifier))
    job.memory.forget(object_id)


def find(job: Job, kind: Kind, attribute: str, value: str) -> str | None:
    """The target id of the one object with this value. Raises ObjectFailed, also when there are several."""
    exchange = job.demand(wire.match(kind, attribute, value, job.style))
    if len(exchange.resources) > 1:
        job.object_to(exchange, duplicates(exchange, kind))
        raise ObjectFailed(exchange)
    if not exchange.resources:
        return None
    _require_value(job, exchange, attribute, value)
    return _identifier(exchange.resources[0], exchange)


def _require_value(job: Job, exchange: Exchange, attribute: str, value: str) -> None:
    """Entra would take over whatever was found; the stand-in does not overwrite a stranger."""
    shown = Target.parse(attribute).read(exchange.resources[0])
    if str(shown).casefold() != value.casefold():
        wrong = f"{attribute} {value!r} was asked for, and one with {shown!r} was found."
        job.object_to(exchange, Finding(wrong, INCOMPATIBLE_FILTERING))
        raise ObjectFailed(exchange)


def _find_user(job: Job, person: Person) -> str | None:
    identifier = find(job, Kind.USER, job.mapping.match, job.mapping.match_value(person))
    return _remember(job, Kind.USER, person.object_id, identifier)


def _find_group(job: Job, group: Group) -> str | None:
    identifier = find(job, Kind.GROUP, "displayName", group.name)
    return _remember(job, Kind.GROUP, group.object_id, identifier)


def _remember(job: Job, kind: Kind, object_id: str, identifier: str | None) -> str | None:
    if identifier:
        job.memory.cache(kind)[object_id] = identifier
    return identifier


def _identifier(resource: Json, exchange: Exchange) -> str:
    """Entra cannot go on with an object that has no id; the checks have reported it already."""
    identifier = resource.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise ObjectFailed(exchange)
    return identifier


def _create_user(job: Job, person: Person) -> Json:
    body = bodies.new_user(job.mapping.document(person), job.style)
    exchange = _create(job, wire.create(Kind.USER, body, job.style), Kind.USER, person.object_id)
    if exchange is None:
        _find_user(job, person)
        return {}
    wanted = {path: value for path, value in job.mapping.values(person).items() if value != ""}
    _compare(job, exchange, wanted, job.mapping.existing(exchange.document))
    return {}


def _create_group(job: Job, group: Group) -> None:
    body = bodies.new_group(group.name, group.object_id, job.style)
    exchange = _create(job, wire.create(Kind.GROUP, body, job.style), Kind.GROUP, group.object_id)
    if exchange is None:
        _find_group(job, group)
    else:
        _compare(job, exchange, group_values(group), exchange.document)
    job.memory.members[group.object_id] = set()


def _create(job: Job, request: Request, kind: Kind, object_id: str) -> Exchange | None:
    """None when the answer got lost: the repeated request was refused, and a match must find the object."""
    exchange = job.demand(request)
    identifier = _identifier(exchange.document, exchange)
    job.created.add(identifier)
    if job.loses_response():
        job.ask(request.meant_as(operations.CREATE_AGAIN[kind]))
        return None
    _remember(job, kind, object_id, identifier)
    return exchange


def _update_user(job: Job, person: Person, identifier: str) -> Json:
    shown = _read(job, Kind.USER, person.object_id, identifier)
    changes = job.mapping.changes(person, shown)
    if changes:
        body = bodies.user_update(changes, job.mapping.existing(shown), job.style)
        exchange = job.demand(wire.update_user(identifier, body, job.style))
        if exchange.status == 200:
            _compare(job, exchange, changes, job.mapping.existing(exchange.document))
    return shown


def _update_group(job: Job, group: Group, identifier: str) -> None:
    shown = _read(job, Kind.GROUP, group.object_id, identifier)
    if changes := differences(group_values(group), shown):
        job.demand(wire.update_group(identifier, bodies.group_rename(changes, job.style), job.style))


def _read(job: Job, kind: Kind, object_id: str, identifier: str) -> Json:
    """An object that the target has lost is matched anew in the next cycle."""
    exchange = job.ask(wire.read(kind, identifier, job.style))
    if exchange.status == 404:
        job.memory.forget(object_id)
    if not exchange.granted:
        raise ObjectFailed(exchange)
    if exchange.document.get("id") != identifier:
        job.object_to(exchange, Finding("The resource has another id than the one asked for.", "InvalidAnchor"))
    return exchange.document


def _compare(job: Job, exchange: Exchange, sent: Json, shown: Json) -> None:
    for path, value in differences(sent, shown).items():
        job.object_to(exchange, not_as_sent(path, value, shown.get(path)))

"""What happens after a lost answer: the same request once more. Nothing may be doubled, and nothing may break."""

from dataclasses import dataclass

from entra import bodies, objects, wire
from entra.checks import NOT_SHOWN, Finding
from entra.directory import Registrar
from entra.job import Job, ObjectFailed
from entra.operations import CREATE_AGAIN, DELETE_AGAIN, READ_DELETED, Kind
from entra.targets import Value
from entra.wire import Request


@dataclass(frozen=True, slots=True)
class Replay:
    """Objects of its own, which are gone again afterwards."""

    job: Job
    registrar: Registrar

    def play(self) -> None:
        """Stops quietly where an answer failed: that one stands in the report."""
        try:
            pair = [self._created_twice(self._new_user()) for _ in range(2)]
            if self.job.mapping.groups:
                self._members(pair)
            self._updated_twice(pair[0])
            for identifier in pair:
                self._deleted_twice(Kind.USER, identifier)
        except ObjectFailed:
            return

    def _new_user(self) -> tuple[Kind, Request, str, str]:
        person = self.registrar.person()
        body = bodies.new_user(self.job.mapping.document(person), self.job.style)
        request = wire.create(Kind.USER, body, self.job.style)
        return Kind.USER, request, self.job.mapping.match, self.job.mapping.match_value(person)

    def _new_group(self) -> tuple[Kind, Request, str, str]:
        group = self.registrar.group()
        body = bodies.new_group(group.name, group.object_id, self.job.style)
        return Kind.GROUP, wire.create(Kind.GROUP, body, self.job.style), "displayName", group.name

    def _created_twice(self, new: tuple[Kind, Request, str, str]) -> str:
        """The second POST is a conflict, and the match query that follows finds the first."""
        kind, request, attribute, value = new
        exchange = self.job.demand(request)
        self.job.demand(request.meant_as(CREATE_AGAIN[kind]))
        identifier = objects.find(self.job, kind, attribute, value)
        if identifier is None or identifier != exchange.document.get("id"):
            wrong = f"After a conflict, a look-up by {attribute} found {identifier} instead of what was created."
            self.job.object_to(exchange, Finding(wrong, "EntryConflict"))
            raise ObjectFailed(exchange)
        return identifier

    def _updated_twice(self, identifier: str) -> None:
        changes: dict[str, Value] = {"name.givenName": "Twice", "active": False}
        body = bodies.user_update(changes, {"name.givenName": "Once", "active": True}, self.job.style)
        for _ in range(2):
            self.job.demand(wire.update_user(identifier, body, self.job.style))

    def _members(self, pair: list[str]) -> None:
        """Each is added twice, one is removed twice; the other must still be there."""
        style, group = self.job.style, self._created_twice(self._new_group())
        for body in (bodies.members_add(pair, style), bodies.members_add(pair, style)):
            self.job.demand(wire.add_members(group, body, style))
        for _ in range(2):
            self.job.demand(wire.remove_member(group, bodies.member_remove(pair[0], style), style))
        exchange = self.job.demand(wire.read_with_members(group, style))
        listed = exchange.members
        if listed != pair[1:]:
            wrong = f"Two members joined and one was removed, but {len(listed)} are in the group."
            self.job.object_to(exchange, Finding(wrong, NOT_SHOWN))
        self._deleted_twice(Kind.GROUP, group)

    def _deleted_twice(self, kind: Kind, identifier: str) -> None:
        request = wire.delete(kind, identifier, self.job.style)
        self.job.demand(request)
        self.job.ask(request.meant_as(DELETE_AGAIN[kind]))
        self.job.ask(wire.read(kind, identifier, self.job.style).meant_as(READ_DELETED[kind]))

"""What Microsoft's SCIM Validator and the gallery validation try beyond the cycles, on objects of their own.

Entra "Use the SCIM Validator" and "Validate user provisioning"; only attributes that /Schemas advertises are used.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from entra import bodies, discovery, wire
from entra.bodies import MANAGER, USER
from entra.checks import NOT_SHOWN, Finding, not_as_sent
from entra.job import Job, ObjectFailed
from entra.operations import Kind
from entra.targets import ENTERPRISE, Target
from entra.wire import Json

Expected = Mapping[str, str | bool | None]

PLAIN = ("displayName", "title", "nickName", "userType", "locale", "timezone", "profileUrl", "preferredLanguage")
NAME = ("givenName", "familyName", "formatted", "middleName", "honorificPrefix", "honorificSuffix")
ADDRESS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
EXTENSION = ("employeeNumber", "costCenter", "organization", "division", "department")
# The validator's words are random: no country, no locale and no telephone number is a real one.
SAMPLES: Mapping[str, str] = {
    path: f"Gzillrzcfpnc {number}"
    for number, path in enumerate(
        [
            *PLAIN,
            *(f"name.{sub}" for sub in NAME),
            *(f'addresses[type eq "work"].{sub}' for sub in ADDRESS),
            *(f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile", "fax")),
            *(f'roles[primary eq "True"].{sub}' for sub in ("display", "value", "type")),
            *(f"{ENTERPRISE}:{name}" for name in EXTENSION),
            'emails[type eq "work"].value',
        ]
    )
}


@dataclass(frozen=True, slots=True)
class Validator:
    job: Job

    def play(self) -> None:
        """Stops quietly where an answer failed: that one stands in the report."""
        try:
            self._users()
            if self.job.mapping.groups:
                self._groups()
        except ObjectFailed:
            return

    def _users(self) -> None:
        with self._user() as user, self._user() as manager:
            for operations, expected in [*attribute_trials(self._advertised()), *manager_trials(manager)]:
                self._try_user(user, operations, expected)
            self._rename(user)

    def _groups(self) -> None:
        with self._user() as one, self._user() as two, self._group() as group:
            for operations, expected in member_trials(one, two):
                self._try_group(group, operations, expected)

    def _user(self) -> AbstractContextManager[str]:
        body = {"userName": f"{uuid4()}@ondricka.example", "schemas": [USER]}
        return self._present(Kind.USER, body)

    def _group(self) -> AbstractContextManager[str]:
        body = bodies.new_group(f"ZGHZBQHCAPZU {uuid4()}", str(uuid4()), self.job.style)
        return self._present(Kind.GROUP, body)

    @contextmanager
    def _present(self, kind: Kind, body: Json) -> Iterator[str]:
        """An object that is there as long as the block."""
        exchange = self.job.demand(wire.create(kind, body, self.job.style))
        identifier = str(exchange.document.get("id"))
        try:
            yield identifier
        finally:
            self.job.ask(wire.delete(kind, identifier, self.job.style))

    def _advertised(self) -> dict[str, str]:
        shown = discovery.schemas(self.job.demand(wire.discover("Schemas", self.job.style)))
        return {path: value for path, value in SAMPLES.items() if discovery.advertised(Target.parse(path), shown)}

    def _try_user(self, identifier: str, operations: Sequence[Json], expected: Expected) -> None:
        """PATCH, then GET: what was sent is shown, what was cleared is absent."""
        request = wire.update_user(identifier, bodies.patch(operations, self.job.style), self.job.style)
        if not self.job.ask(request).granted:
            return
        exchange = self.job.demand(wire.read(Kind.USER, identifier, self.job.style))
        for path, value in expected.items():
            shown = Target.parse(path).read(exchange.document)
            if shown != value or type(shown) is not type(value):
                self.job.object_to(exchange.after(request), not_as_sent(path, value, shown))

    def _rename(self, identifier: str) -> None:
        """The joining property is changed without a path, and found by its new value."""
        name = f"{uuid4()}@renamed.example"
        self._try_user(identifier, [{"op": "replace", "value": {"userName": name}}], {"userName": name})
        exchange = self.job.demand(wire.match(Kind.USER, "userName", name.upper(), self.job.style))
        if [each.get("id") for each in exchange.resources] != [identifier]:
            self.job.object_to(exchange, Finding("A user is not found by its new userName.", "EntryConflict"))

    def _try_group(self, identifier: str, operations: Sequence[Json], expected: set[str]) -> None:
        request = wire.update_group(identifier, bodies.patch(operations, self.job.style), self.job.style)
        if not self.job.ask(request).granted:
            return
        exchange = self.job.demand(wire.read_with_members(identifier, self.job.style))
        shown = {*exchange.members}
        if shown != expected:
            wrong = f"{len(expected - shown)} members are missing, {len(shown - expected)} are too many."
            self.job.object_to(exchange.after(request), Finding(wrong, NOT_SHOWN))


def attribute_trials(samples: Mapping[str, str]) -> list[tuple[list[Json], Expected]]:
    """Added one by one, replaced together, emptied with `""`, added again, emptied with null; then mixed operations."""
    changed = {path: f"{value} II" for path, value in samples.items()}
    nothing = dict.fromkeys(samples)
    return [
        (_apart("add", samples), samples),
        (_together("replace", changed), changed),
        (_apart("replace", dict.fromkeys(samples, "")), nothing),
        (_together("add", samples), samples),
        (_together("replace", nothing), nothing),
        (MIXED, {"displayName": "third", "externalId": "e1", "active": False}),
        ([{"op": "Replace", "path": "active", "value": "True"}], {"active": True}),
    ]


MIXED: list[Json] = [
    {"op": "add", "path": "displayName", "value": "first"},
    {"op": "remove", "path": "displayName"},
    {"op": "add", "path": "displayName", "value": "second"},
    {"op": "replace", "path": "displayName", "value": "third"},
    {"op": "add", "path": "externalId", "value": "e1"},
    {"op": "replace", "path": "active", "value": False},
]


def _apart(verb: str, values: Mapping[str, str]) -> list[Json]:
    return [{"op": verb, "path": path, "value": value} for path, value in values.items()]


def _together(verb: str, values: Mapping[str, str | None]) -> list[Json]:
    """The validator's short form: valued paths stand alone, all else is one map."""
    alone = [{"op": verb, "path": path, "value": value} for path, value in values.items() if "[" in path]
    return [*alone, {"op": verb, "value": {path: value for path, value in values.items() if "[" not in path}}]


def manager_trials(manager: str) -> list[tuple[list[Json], Expected]]:
    """Each form of setting, each followed by a form of clearing."""
    path = f"{ENTERPRISE}:manager.value"
    setting: list[Json] = [
        {"op": "Add", "path": MANAGER, "value": manager},
        {"op": "replace", "path": MANAGER, "value": {"value": manager}},
        {"op": "Add", "path": "manager", "value": [{"$ref": f"/Users/{manager}", "value": manager}]},
    ]
    clearing: list[Json] = [
        {"op": "replace", "path": MANAGER, "value": ""},
        {"op": "replace", "path": MANAGER, "value": {"value": ""}},
        {"op": "remove", "path": MANAGER},
    ]
    pairs = zip(setting, clearing, strict=True)
    return [trial for first, last in pairs for trial in (([first], {path: manager}), ([last], {path: None}))]


def member_trials(one: str, two: str) -> list[tuple[list[Json], set[str]]]:
    """`replace` sets, a remove by path spares the others, and operations apply in their order."""
    both = [{"value": one}, {"value": two}]
    joining, leaving = ({"op": verb, "path": "members", "value": both[:1]} for verb in ("add", "Remove"))
    return [
        ([{"op": "replace", "path": "members", "value": both[:1]}], {one}),
        ([{"op": "replace", "path": "members", "value": both}], {one, two}),
        ([{"op": "remove", "path": f'members[value eq "{one}"]'}], {two}),
        ([joining, leaving], {two}),
        ([leaving, joining], {one, two}),
        ([leaving], {two}),
        ([{"op": "replace", "path": "members", "value": both[:1]}], {one}),
    ]

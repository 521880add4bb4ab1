"""The attribute mappings of a job: which value of the source goes to which target attribute.

Entra "Customize user provisioning attribute-mappings"; the tables of the SecureLogin and LogicGate tutorials.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType

from entra.people import Group, Person
from entra.targets import ENTERPRISE, Target, Value
from entra.wire import Json

MANAGER = Target.parse(f"{ENTERPRISE}:manager.value")


@dataclass(frozen=True, slots=True)
class Attribute:
    target: Target
    source: Callable[[Person], Value | None]


@dataclass(frozen=True, slots=True)
class UserMapping:
    """`match` is the target attribute with matching precedence 1; references are written in a second pass."""

    attributes: tuple[Attribute, ...]
    match: str
    managers: bool
    groups: bool

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(attribute.target.path for attribute in self.attributes)

    def values(self, person: Person) -> dict[str, Value]:
        """What the source wants; null values are skipped, `""` from an expression clears."""
        wanted = ((each.target.path, each.source(person)) for each in self.attributes)
        return {path: value for path, value in wanted if value is not None}

    def existing(self, resource: Json) -> dict[str, Value | None]:
        """The same attributes as the target shows them."""
        return {each.target.path: each.target.read(resource) for each in self.attributes}

    def changes(self, person: Person, resource: Json) -> dict[str, Value]:
        """Whatever is missing from the target or differs there is sent, in every cycle, until it comes back as sent."""
        return differences(self.values(person), self.existing(resource))

    def document(self, person: Person) -> Json:
        """The body of a create: nothing empty is sent."""
        document: Json = {}
        values = self.values(person)
        for attribute in self.attributes:
            if (value := values.get(attribute.target.path)) not in (None, ""):
                attribute.target.write(document, value)
        return document

    def match_value(self, person: Person) -> str:
        return str(self.values(person)[self.match])


def differences(wanted: Mapping[str, Value], shown: Mapping[str, Value | None]) -> dict[str, Value]:
    return {path: value for path, value in wanted.items() if not _same(value, shown.get(path))}


def _same(wanted: Value, shown: Value | None) -> bool:
    """A boolean is not its name in a string; an absent value is as good as an empty one."""
    return (type(wanted) is type(shown) and wanted == shown) or (wanted == "" and shown is None)


def group_values(group: Group) -> dict[str, Value]:
    return {"displayName": group.name, "externalId": group.object_id}


def _full_name(person: Person) -> str:
    """`Join(" ", [givenName], [surname])`"""
    return f"{person.given_name} {person.surname}"


_SOURCES: Mapping[str, Callable[[Person], Value | None]] = MappingProxyType(
    {
        "userName": attrgetter("user_principal_name"),
        "active": attrgetter("enabled"),
        "displayName": attrgetter("display_name"),
        "name.givenName": attrgetter("given_name"),
        "name.familyName": attrgetter("surname"),
        "name.formatted": _full_name,
        'emails[type eq "work"].value': attrgetter("mail"),
        'phoneNumbers[type eq "mobile"].value': attrgetter("mobile"),
        "externalId": attrgetter("object_id"),
        "preferredLanguage": attrgetter("preferred_language"),
        "title": attrgetter("job_title"),
        f"{ENTERPRISE}:department": attrgetter("department"),
        f"{ENTERPRISE}:employeeNumber": attrgetter("employee_id"),
    }
)
_LOGICGATE = ("userName", 'emails[type eq "work"].value', "active", "name.givenName", "name.familyName")
_SECURELOGIN = (*_LOGICGATE, 'phoneNumbers[type eq "mobile"].value', "externalId", "preferredLanguage")
_PATHS = {"full": tuple(_SOURCES), "securelogin": _SECURELOGIN, "logicgate": _LOGICGATE}
NAMES = tuple(_PATHS)


def named(name: str, match: str, *, managers: bool) -> UserMapping:
    """`full` is every attribute Entra maps by default, the others are the tutorials' tables.

    Raises ValueError when the matching attribute is not among the mapped ones.
    """
    if match not in _PATHS[name]:
        raise ValueError(f"The mapping {name!r} has no attribute {match!r} to match by.")
    attributes = tuple(Attribute(Target.parse(path), _SOURCES[path]) for path in _PATHS[name])
    return UserMapping(attributes, match, managers=managers and name == "full", groups=name != "logicgate")

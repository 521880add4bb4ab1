"""What an attribute is, what a schema is, and how a name finds its attribute: RFC 7643 §2 and §7.

`Schemas` is the value that is passed along: everything one type of resource may hold.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from scim.protocol.syntax import AttrPath

JsonValue = Any  # what a JSON parser returns: whatever a client sent

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"

_NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9_-]*")
_URN = re.compile(r"urn:[A-Za-z0-9:._-]+")


class Type(StrEnum):
    """The data types of RFC 7643 §2.3. OPAQUE is ours: what nobody declared and is kept as it was sent."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"
    OPAQUE = "opaque"


class Mutability(StrEnum):
    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Attribute:
    """One attribute with its characteristics (RFC 7643 §2.2 and §7); equal only to itself."""

    name: str
    type: Type = Type.STRING
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: "tuple[Attribute, ...]" = ()
    description: str = ""
    # Ours: longer values are refused; whether /Schemas names it; whether it is a set of ids, edited set-wise.
    max_length: int = 65_536
    advertised: bool = True
    reference_set: bool = False
    # What follows from the above, found once: every value of every request asks for it.
    read_only: bool = field(init=False)
    write_only: bool = field(init=False)
    immutable: bool = field(init=False)
    complex: bool = field(init=False)
    opaque: bool = field(init=False)
    textual: bool = field(init=False)
    _subs: "dict[str, Attribute]" = field(init=False)

    def __post_init__(self) -> None:
        # Statements are made of declared names, so no declaration may hold what is not a name (RFC 7643 §2.1).
        if self.type is not Type.OPAQUE and not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of an attribute.")
        if any(sub.sub_attributes for sub in self.sub_attributes):
            raise ValueError(f"{self.name} has parts that have parts, which RFC 7643 §2.3.8 forbids.")
        object.__setattr__(self, "read_only", self.mutability is Mutability.READ_ONLY)
        object.__setattr__(self, "write_only", self.mutability is Mutability.WRITE_ONLY)
        object.__setattr__(self, "immutable", self.mutability is Mutability.IMMUTABLE)
        object.__setattr__(self, "complex", self.type is Type.COMPLEX)
        object.__setattr__(self, "opaque", self.type is Type.OPAQUE)
        object.__setattr__(self, "textual", self.type in (Type.STRING, Type.REFERENCE, Type.BINARY))
        object.__setattr__(self, "_subs", {sub.name.lower(): sub for sub in self.sub_attributes})

    def __repr__(self) -> str:
        return f"<Attribute {self.name}>"

    def sub(self, name: str) -> "Attribute | None":
        """Return the sub-attribute of that name, in any case."""
        return self._subs.get(name.lower())

    def as_json(self) -> dict[str, Any]:
        """Return the definition as RFC 7643 §7 writes it, without nulls and empty lists."""
        definition: dict[str, Any] = {
            "name": self.name,
            "type": self.type.value,
            "multiValued": self.multi_valued,
            "description": self.description,
            "required": self.required,
            "mutability": self.mutability.value,
            "returned": self.returned.value,
        }
        if self.type not in (Type.COMPLEX, Type.BOOLEAN):
            definition |= {"caseExact": self.case_exact, "uniqueness": self.uniqueness.value}
        return definition | {key: value for key, value in self._lists() if value}

    def _lists(self) -> Iterator[tuple[str, list[Any]]]:
        yield "canonicalValues", list(self.canonical_values)
        yield "referenceTypes", list(self.reference_types)
        yield "subAttributes", [sub.as_json() for sub in self.sub_attributes if sub.advertised]


@lru_cache(maxsize=1_024)
def opaque(name: str) -> Attribute:
    """Return an attribute, or an extension, that nobody declared."""
    return Attribute(name=name, type=Type.OPAQUE, case_exact=True)


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """One URN and the attributes it declares (RFC 7643 §7). `name` is also the last word of the URN."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    def __post_init__(self) -> None:
        if not _URN.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is no URN of a schema.")

    def as_json(self) -> dict[str, Any]:
        attributes = [attribute.as_json() for attribute in self.attributes if attribute.advertised]
        return {
            "schemas": [SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": attributes,
        }


@dataclass(frozen=True, slots=True)
class Resolved:
    """An attribute, or a sub-attribute of it, found in a schema.

    `urn` is its extension, None for the core: documents keep it under `document[urn]`, or at the top.
    An opaque extension counts as one attribute, whose name is its URN.

    `key` is the canonical name of the attribute, as `emails` or `urn:…:User:manager`, `name` the dotted one, as
    `emails.value`, `leaf` the sub-attribute, or else the attribute, and `settable` tells whether a client may set it.
    They are made once, with the schemas, and so are those of the sub-attributes.
    """

    urn: str | None
    attribute: Attribute
    sub: Attribute | None = None
    _container: "Resolved | None" = field(default=None, repr=False, compare=False)
    key: str = field(init=False, repr=False, compare=False)
    name: str = field(init=False, repr=False, compare=False)
    leaf: Attribute = field(init=False, repr=False, compare=False)
    settable: bool = field(init=False, repr=False, compare=False)
    _parts: "dict[str, Resolved]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = self.attribute.name if self.urn is None else f"{self.urn}:{self.attribute.name}"
        separator = ":" if self.attribute.opaque else "."
        subs = self.attribute.sub_attributes if self.sub is None else ()
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "name", key if self.sub is None else f"{key}{separator}{self.sub.name}")
        leaf = self.sub or self.attribute
        object.__setattr__(self, "leaf", leaf)
        kept_out = self.attribute.read_only or leaf.read_only or self.attribute.write_only
        object.__setattr__(self, "settable", not kept_out)
        object.__setattr__(self, "_parts", {sub.name.lower(): self._within(sub) for sub in subs})

    def _within(self, sub: Attribute) -> "Resolved":
        return Resolved(self.urn, self.attribute, sub, self)

    @property
    def whole(self) -> "Resolved":
        """The attribute itself, whatever part of it this is."""
        return self._container or self

    @property
    def parts(self) -> Iterable["Resolved"]:
        """Its declared sub-attributes, in order."""
        return self._parts.values()

    def part(self, name: str) -> "Resolved | None":
        """Return the declared sub-attribute of that name, in any case."""
        return self._parts.get(name.lower())

    def with_sub(self, sub: Attribute) -> "Resolved":
        """Return the sub-attribute, declared or opaque."""
        return self.part(sub.name) or self._within(sub)


_Names = dict[str, Resolved]


def _names(urn: str | None, attributes: tuple[Attribute, ...]) -> _Names:
    return {attribute.name.lower(): Resolved(urn, attribute) for attribute in attributes}


@dataclass(frozen=True, slots=True, eq=False)
class Schemas:
    """The core schema of a resource type, its extensions, and the common attributes (RFC 7643 §3.1, §3.3).

    `attributes` holds every attribute: common, core, then each extension's, in order of declaration.
    """

    core: Schema
    extensions: tuple[Schema, ...]
    common: tuple[Attribute, ...]
    attributes: tuple[Resolved, ...] = field(init=False, repr=False)
    required: tuple[Resolved, ...] = field(init=False, repr=False)
    extension_urns: frozenset[str] = field(init=False, repr=False)
    _by_urn: dict[str, _Names] = field(init=False, repr=False)
    _unqualified: _Names = field(init=False, repr=False)

    def __post_init__(self) -> None:
        core = _names(None, self.common) | _names(None, self.core.attributes)
        by_urn = {self.core.id.lower(): core}
        by_urn |= {schema.id.lower(): _names(schema.id, schema.attributes) for schema in self.extensions}
        unqualified: _Names = {}
        for names in reversed(by_urn.values()):
            unqualified |= names
        attributes = tuple(each for names in by_urn.values() for each in names.values())
        object.__setattr__(self, "attributes", attributes)
        object.__setattr__(self, "required", tuple(each for each in attributes if each.attribute.required))
        object.__setattr__(self, "extension_urns", frozenset(schema.id for schema in self.extensions))
        object.__setattr__(self, "_by_urn", by_urn)
        object.__setattr__(self, "_unqualified", unqualified)

    def with_extensions(self, *extensions: Schema) -> "Schemas":
        """Return these schemas and more: a domain's own extensions are data."""
        return Schemas(self.core, (*self.extensions, *extensions), self.common)

    def resolve(self, path: AttrPath) -> Resolved | None:
        """Find the attribute, and sub-attribute, a path names, in any case; None where nobody declares it.

        Courtesies: `manager` without its URN (Entra's documentation, example 5), and a dot where the last
        colon belongs, `urn:…:2.0:User.department` (Entra's custom application connector).
        """
        if path.urn is None:
            return _find(self._unqualified, path.name, path.sub)
        if (names := self._by_urn.get(path.urn.lower())) is not None:
            return _find(names, path.name, path.sub)
        names = self._by_urn.get(f"{path.urn}:{path.name}".lower())
        if names is None or path.sub is None:
            return None
        name, _, sub = path.sub.partition(".")
        return _find(names, name, sub or None)

    def attributes_of(self, urn: str) -> tuple[Resolved, ...] | None:
        """Return what the schema of that URN declares, in any case; None where it is not one of ours."""
        names = self._by_urn.get(urn.lower())
        return None if names is None else tuple(names.values())

    def resolve_in(self, urn: str, name: str) -> Resolved | None:
        """Find an attribute inside a nested extension object, as `department` in `{"urn:…:User": {…}}`."""
        attribute, _, sub = name.partition(".")
        return _find(self._by_urn.get(urn.lower(), {}), attribute, sub or None)

    def advertised(self) -> list[dict[str, Any]]:
        """Return what /Schemas shows (RFC 7644 §4); `meta` is added where the base URL is known."""
        return [schema.as_json() for schema in (self.core, *self.extensions)]


def _find(names: _Names, name: str, sub: str | None) -> Resolved | None:
    found = names.get(name.lower())
    return found if found is None or sub is None else found.part(sub)

"""A resource type: its schemas, its table, and the binding of every attribute. Checked to be total when it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scim.protocol.attributes import Attribute, Resolved, Schemas, Type
from scim.resources.bindings import Binding, Column, Kept, Related
from securelogin.directory.statements import Table

# Types that `comparable` keeps as text. A declared number would need an order of its own there before it may be kept.
_TEXTUAL = {Type.STRING, Type.REFERENCE, Type.BINARY, Type.BOOLEAN, Type.DATE_TIME, Type.COMPLEX}

# By the name of a member: its column, the attribute as which it is kept, or the places of its own members.
Places = Mapping[str, "Column | Attribute | Places"]


@dataclass(frozen=True, eq=False)
class Resource:
    """`bindings` maps canonical names to places: an attribute's own, or each sub-attribute's by dotted name.

    `patch_answers_with_resource`: 200 and the resource, else 204 unless the client asks (RFC 7644 §3.5.2).
    `version_counts_related`: whether memberships are part of what the version, and so the entity tag, vouches for.
    """

    name: str
    endpoint: str
    description: str
    schemas: Schemas
    table: Table
    bindings: Mapping[str, Binding]
    patch_answers_with_resource: bool
    version_counts_related: bool

    def __post_init__(self) -> None:
        declared = set(self._declared())
        if unbound := declared - self.bindings.keys():
            raise TypeError(f"{self.name}: unbound {sorted(unbound)}")
        if undeclared := self.bindings.keys() - declared:
            raise TypeError(f"{self.name}: bound but not declared {sorted(undeclared)}")

    def _declared(self) -> Iterator[str]:
        for found in self.schemas.attributes:
            whole = found.key in self.bindings
            if whole or not found.attribute.sub_attributes:
                yield found.key
            else:
                yield from (part.name for part in found.parts)

    def binding(self, target: Resolved) -> Binding:
        """Return where an attribute or sub-attribute lives; a domain's own attributes are kept."""
        return self.bindings.get(target.name) or self.bindings.get(target.key) or Kept()

    @cached_property
    def columns(self) -> tuple[tuple[tuple[str, ...], Column], ...]:
        """The places in a document that live in columns: path and binding."""
        bound = ((found, self.bindings.get(found.name)) for found in self._leaves())
        return tuple((path_of(found), place) for found, place in bound if isinstance(place, Column))

    @cached_property
    def places(self) -> Places:
        """Where each member of a document goes, as a tree of their canonical names."""
        result: dict[str, Any] = {}
        for found in self.schemas.attributes:
            put(result, path_of(found), self._place(found))
        return result

    def _place(self, found: Resolved) -> "Column | Attribute | Places":
        place = self.bindings.get(found.name)
        if isinstance(place, Column):
            return place
        # Only what is kept apart is taken apart.
        apart = any(isinstance(self.bindings.get(part.name), Column) for part in found.parts)
        return {part.leaf.name: self._place(part) for part in found.parts} if apart else found.leaf

    @cached_property
    def looked_up(self) -> tuple[str, ...]:
        return tuple(name for name, place in self.bindings.items() if isinstance(place, Kept) and place.looked_up)

    @cached_property
    def related(self) -> str:
        """The attribute that is read from memberships."""
        return next(place.name for place in self.bindings.values() if isinstance(place, Related))

    @cached_property
    def name_attribute(self) -> str:
        """The attribute that people know a resource by, and that is unique in its domain."""
        return next(".".join(path) for path, place in self.columns if place.column == self.table.label)

    def _leaves(self) -> Iterator[Resolved]:
        for found in self.schemas.attributes:
            yield found
            yield from found.parts


def path_of(target: Resolved) -> tuple[str, ...]:
    """Return the keys that lead to an attribute in a document: `(urn, "manager", "value")`, `("name", "givenName")`."""
    urn = () if target.urn is None else (target.urn,)
    sub = () if target.sub is None else (target.sub.name,)
    return (*urn, target.attribute.name, *sub)


def put(document: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value at a path, making the objects on the way."""
    for name in path[:-1]:
        document = document.setdefault(name, {})
    document[path[-1]] = value


def at(document: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return the value at a path; None where there is none."""
    *holders, last = path
    for name in holders:
        document = document.get(name, {})
    return document.get(last)

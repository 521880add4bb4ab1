"""What the names of a client's document mean: dotted keys, URN keys, nested extensions, valued paths. RFC 7644 §3.10.

Every dialect comes out as pairs of a `Target`, one attribute or a part of it, and the value sent for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from scim.protocol.attributes import JsonValue, Resolved, Schemas, opaque
from scim.protocol.errors import InvalidPath, InvalidValue, ScimError
from scim.protocol.evaluate import is_unassigned
from scim.protocol.filters import Bound, UnknownAttribute, resolve_element
from scim.protocol.grammar import parse_path
from scim.protocol.shapes import Shape, UnsharedError, check_marked, marked, named, shape_of
from scim.protocol.syntax import Path
from scim.protocol.values import Notes


class Target(NamedTuple):
    """An attribute or sub-attribute, and for `attr[filter]` which elements of it."""

    resolved: Resolved
    filter: Bound | None = None

    @property
    def discarded(self) -> bool:
        """A password: recognised, and never kept, shown or logged."""
        return self.resolved.attribute.write_only


def find(text: str, value: JsonValue, schemas: Schemas) -> Target | None:
    """Find what a path, or the key of a document, means: see `locate`. Raises InvalidPath where it cannot be read."""
    return _find_by_shape(text, schemas) or locate(parse_path(text), value, schemas)


def _find_by_shape(text: str, schemas: Schemas) -> Target | None:
    try:
        shape, names = shape_of(text)
        target = _find_declared(shape, schemas)
    except (UnsharedError, ScimError):
        return None
    return target if target.filter is None else Target(target.resolved, named(target.filter, names))


@lru_cache(maxsize=512)
def _find_declared(shape: Shape, schemas: Schemas) -> Target:
    path = parse_path(marked(shape))
    if path.filter is not None:
        check_marked(path.filter)
    target = locate(path, None, schemas)
    if target is None or target.resolved.attribute.opaque:
        raise UnsharedError
    return target


def locate(path: Path, value: JsonValue, schemas: Schemas) -> Target | None:
    """Find what a parsed path means; None where nobody declares it and it has no URN to be kept under.

    Raises InvalidPath for brackets behind an attribute without elements, InvalidFilter for a filter in them
    that cannot be understood.
    """
    found = schemas.resolve(path.attr)
    if found is None:
        return _locate_opaque(path, value, schemas)
    if path.filter is None:
        return Target(found)
    chooses = found.sub is None and found.attribute.multi_valued and found.attribute.complex
    if not chooses:
        raise InvalidPath(f"{found.name} has no elements to choose by [ ].", "SL-PATH-BRACKETS")
    try:
        selection = resolve_element(path.filter, found)
    except UnknownAttribute:
        return None
    part = found if path.sub is None else found.part(path.sub)
    return None if part is None else Target(part, selection)


def unfold(values: Mapping[str, JsonValue], schemas: Schemas, notes: Notes) -> Iterator[tuple[Target, JsonValue]]:
    """Give each key of a document, or of the value of a PATCH operation without a path, its target.

    Read-only attributes are passed over in silence (clients put `id` and `meta` there, RFC 7644 §3.3), unknown
    ones and passwords with a note.
    """
    for key, value in values.items():
        declared = schemas.attributes_of(key)
        if declared is None:
            pairs: Iterable[tuple[Target, JsonValue]] = _unfold_key(key, value, schemas, notes)
        else:
            pairs = _unfold_schema(key, declared, value, schemas, notes)
        for target, part in pairs:
            if target.resolved.settable:
                yield target, part
            elif target.discarded:
                notes.discarded(target.resolved.name)


def _unfold_key(key: str, value: JsonValue, schemas: Schemas, notes: Notes) -> list[tuple[Target, JsonValue]]:
    try:
        target = find(key, value, schemas)
    except InvalidPath:
        target = None
    if target is None:
        notes.unknown(key)
        return []
    return [(target, value)]


def _unfold_schema(
    urn: str, declared: tuple[Resolved, ...], value: JsonValue, schemas: Schemas, notes: Notes
) -> Iterator[tuple[Target, JsonValue]]:
    """`{"urn:…:User": {"department": …}}`; null and {} stand for all the attributes of the schema."""
    if is_unassigned(value):
        yield from ((Target(found), None) for found in declared)
    elif not isinstance(value, dict):
        raise InvalidValue(f"{urn} is a schema and must hold an object.", "SL-VALUE-TYPE")
    else:
        for key, part in value.items():
            found = schemas.resolve_in(urn, key)
            if found is None:
                notes.unknown(f"{urn}:{key}")
            else:
                yield Target(found), part


def _locate_opaque(path: Path, value: JsonValue, schemas: Schemas) -> Target | None:
    """Find the place of what nobody declared but a URN qualifies: it is kept as sent, so that it comes back."""
    urn, attr = path.attr.urn, path.attr
    known = urn is None or schemas.attributes_of(urn) or schemas.attributes_of(f"{urn}:{attr.name}")
    if urn is None or known or path.filter is not None or ":" not in urn:  # meta:x must never become `meta`
        return None
    if _names_extension(str(attr), value, schemas):
        return Target(Resolved(None, opaque(str(attr))))
    part = attr.name if attr.sub is None else f"{attr.name}.{attr.sub}"
    return Target(Resolved(None, opaque(urn)).with_sub(opaque(part)))


def _names_extension(text: str, value: JsonValue, schemas: Schemas) -> bool:
    """Whether `urn:…` names a whole extension, as `urn:…:2.0:User`, and not an attribute, as `urn:…:2.0:User:tag`.

    Nobody can know. By convention such a URN ends in a resource type or a version; else an object tells it.
    """
    head, _, last = text.rpartition(":")
    if last.lower() == schemas.core.name.lower() or last[:1].isdigit():
        return True
    qualified = head.lower().endswith(f":{schemas.core.name.lower()}")
    return isinstance(value, dict) and not qualified

"""The steps every write consists of: each `Operation` touches exactly one attribute. RFC 7644 §3.5.2.

POST, PUT and both dialects of PATCH come down to these; `application` carries them out on a document.
"""

from enum import StrEnum
from typing import NamedTuple

from scim.protocol.attributes import JsonValue, Resolved
from scim.protocol.errors import InvalidPath, InvalidValue
from scim.protocol.evaluate import is_unassigned
from scim.protocol.filters import Bound, storable
from scim.protocol.targets import Target
from scim.protocol.values import Notes, clean, clean_element, only_element

MAX_ID_LENGTH = 512


class Verb(StrEnum):
    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


class Operation(NamedTuple):
    """One change of one attribute, its value in canonical form.

    `filter` chooses elements; `target.sub` is the part of them that changes. `value` is None only for a removal of
    the whole; a removal with a list removes what the list names. For a set of references the value is a tuple of ids.
    """

    verb: Verb
    target: Resolved
    filter: Bound | None
    value: JsonValue


def plan(verb: Verb, target: Target, value: JsonValue, notes: Notes) -> list[Operation]:
    """Turn what was sent for one target into operations. Raises InvalidValue and InvalidPath.

    Replacing with nothing removes (null, "", [] or {}); adding nothing does nothing.
    """
    resolved = target.resolved
    if resolved.attribute.reference_set:
        return _plan_references(verb, target, value, notes)
    if verb is Verb.REMOVE:
        return [Operation(verb, resolved, target.filter, _removed_values(target, value, notes))]
    if resolved.leaf.complex and (parts := _parts(resolved, value)) is not None:
        return _plan_parts(verb, target, parts, notes)
    cleaned = _clean(target, value, notes)
    if cleaned is not None:
        return [Operation(verb, resolved, target.filter, cleaned)]
    return [Operation(Verb.REMOVE, resolved, target.filter, None)] if verb is Verb.REPLACE else []


def _clean(target: Target, value: JsonValue, notes: Notes) -> JsonValue:
    resolved = target.resolved
    if target.filter is not None and resolved.sub is None:
        return clean_element(resolved, value, notes)
    cleaned = clean(resolved, value, notes)
    if resolved.leaf.opaque and resolved.sub is None:
        _check_extension(resolved.name, cleaned)
    # A reference without its id refers to nobody: {"value": ""} removes the manager, $ref or not.
    lost = isinstance(cleaned, dict) and "value" not in cleaned and _is_reference(resolved)
    return None if lost else cleaned


def _check_extension(urn: str, value: JsonValue) -> None:
    if value is not None and not isinstance(value, dict):
        raise InvalidValue(f"{urn[:200]} is an extension and must hold an object.", "SL-VALUE-TYPE")


def stands_alone(target: Target) -> bool:
    """Tell whether adding this to a document without the attribute comes to the value itself, and no more."""
    resolved = target.resolved
    attribute = resolved.attribute
    whole = target.filter is None and resolved.sub is None
    return whole and not (attribute.opaque or attribute.immutable or attribute.reference_set or _is_reference(resolved))


def _is_reference(resolved: Resolved) -> bool:
    """`manager`: one object that is known by its `value`, and so is replaced as a whole."""
    return _is_object(resolved) and resolved.part("value") is not None


def _is_object(resolved: Resolved) -> bool:
    """`name`: a single complex attribute."""
    return resolved.sub is None and resolved.attribute.complex and not resolved.attribute.multi_valued


def _parts(resolved: Resolved, value: JsonValue) -> dict[str, JsonValue] | None:
    """Return the object that is merged part by part into a single complex attribute, as `name` is; else None."""
    single = only_element(resolved.name, value) if _is_object(resolved) else None
    if not isinstance(single, dict) or not single:
        return None
    return None if "value" in {key.lower() for key in single} else single


def _plan_parts(verb: Verb, target: Target, parts: dict[str, JsonValue], notes: Notes) -> list[Operation]:
    operations: list[Operation] = []
    for key, value in parts.items():
        part = target.resolved.part(key)
        if part is None:
            notes.unknown(f"{target.resolved.name}.{key}")
        elif not part.leaf.read_only:
            operations += plan(verb, Target(part, target.filter), value, notes)
    return operations


def _removed_values(target: Target, value: JsonValue, notes: Notes) -> JsonValue:
    """A removal with a value names elements (Entra's legacy dialect); on a single value, the value is no matter."""
    resolved = target.resolved
    names_elements = resolved.sub is None and target.filter is None and resolved.attribute.multi_valued
    if value is None or not names_elements:
        return None
    return clean(resolved, value, notes) or []


def _plan_references(verb: Verb, target: Target, value: JsonValue, notes: Notes) -> list[Operation]:
    """`members` is a set of ids, however long; $ref, type and display are derived, so they are not set."""
    resolved = target.resolved
    if resolved.sub is not None and resolved.sub.name != "value":
        notes.add(f"{resolved.name} follows from the id and was ignored; map only {resolved.attribute.name}.")
        return []
    if target.filter is None and resolved.sub is None:
        whole = verb is Verb.REMOVE and value is None
        ids = None if whole else reference_ids(resolved.name, value)
        return [Operation(verb, resolved, None, ids)]
    if verb is Verb.REMOVE and target.filter is not None:
        return [Operation(verb, resolved.whole, target.filter, None)]
    raise InvalidPath(
        f"{resolved.attribute.name} are added and removed, not edited; "
        f'send the path "{resolved.attribute.name}" and the ids as its value.',
        "SL-PATH-MEMBERS",
    )


def reference_ids(name: str, value: JsonValue) -> tuple[str, ...]:
    """Read the ids of a list of references, of one reference, or of bare ids; each once, in order."""
    if is_unassigned(value):
        return ()
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(_reference_id(name, item) for item in items))


def _reference_id(name: str, item: JsonValue) -> str:
    found = item.get("value") if isinstance(item, dict) else item
    if found is None and isinstance(item, dict):
        found = next((part for key, part in item.items() if key.lower() == "value"), None)
    if not isinstance(found, str) or not found or len(found) > MAX_ID_LENGTH or not storable(found):
        raise InvalidValue(
            f'Every entry of {name} needs an id, as in {{"value": "…"}}; one has none.', "SL-VALUE-REFERENCE"
        )
    return found

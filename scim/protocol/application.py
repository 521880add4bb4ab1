"""Operations carried out on a document, in order: RFC 7644 §3.5.2.1 to §3.5.2.3.

Pure: a new document is returned and the given one is never touched. Sets of references (members) are not for
documents; `members` turns those operations into one edit of a set.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from scim.protocol import errors
from scim.protocol.attributes import JsonValue, Resolved, opaque
from scim.protocol.elements import Budget, edit_elements
from scim.protocol.evaluate import is_unassigned
from scim.protocol.operations import Operation, Verb
from scim.protocol.values import check_opaque, without_nulls

Json = Mapping[str, JsonValue]

MAX_STEPS = 500_000
MAX_EXTENSIONS = 32


def apply(document: Json, operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document after all operations; either all of them succeed or one raises.

    Raises Mutability (a required attribute removed, an immutable one changed), NoTarget (a filter that matches
    nothing and of which no element can be made), InvalidValue and TooMany (limits).
    """
    budget = Budget(MAX_STEPS)
    result = {name: dict(value) if isinstance(value, dict) else value for name, value in document.items()}
    touched: dict[str, Resolved] = {}
    for operation in operations:
        target = _as_held(result, operation.target)
        touched[target.key] = target
        write(result, target, _edited(operation, read(result, target), budget))
    for target in touched.values():
        _check(target, read(document, target), read(result, target))
    _check_extensions(result)
    return result


def _as_held(document: Json, target: Resolved) -> Resolved:
    """Return the target under the spelling the document has: URNs nobody declared differ by case no more than others
    do (RFC 7643 §2.1).
    """
    if not target.attribute.opaque:
        return target
    sent = target.attribute.name.lower()
    held = next((name for name in document if name.lower() == sent), None)
    if held is None:
        return target
    extension = Resolved(None, opaque(held))
    return extension if target.sub is None else extension.with_sub(target.sub)


def read(document: Json, target: Resolved) -> JsonValue:
    """Return the whole value of an attribute; None where it is unassigned."""
    holder = document if target.urn is None else document.get(target.urn, {})
    return holder.get(target.attribute.name)


def write(document: dict[str, Any], target: Resolved, value: JsonValue) -> None:
    """Set one attribute in place, in a document that is the caller's own, and its extensions too."""
    name = target.attribute.name
    holder = document if target.urn is None else document.setdefault(target.urn, {})
    if not is_unassigned(value):
        holder[name] = value
        return
    holder.pop(name, None)
    if target.urn is not None and not holder:
        del document[target.urn]


def _with_item(holder: Json, name: str, value: JsonValue) -> dict[str, Any]:
    """Return the object with one member set, or without it where the value is unassigned."""
    if is_unassigned(value):
        return {key: item for key, item in holder.items() if key != name}
    return {**holder, name: value}


def _edited(operation: Operation, value: JsonValue, budget: Budget) -> JsonValue:
    target = operation.target
    if target.attribute.opaque:
        return _edit_opaque(operation, value, budget)
    if target.attribute.multi_valued:
        return edit_elements(operation, value or [], budget)
    if target.sub is not None:
        return _with_item(value or {}, target.sub.name, operation.value)
    return operation.value


def _edit_opaque(operation: Operation, value: JsonValue, budget: Budget) -> JsonValue:
    """An extension nobody declared: its attributes are set one by one, and nulls inside remove them."""
    sub, new = operation.target.sub, operation.value
    held: dict[str, JsonValue] = value if isinstance(value, dict) else {}
    budget.charge(len(held))
    if sub is not None:
        return _with_item(held, sub.name, without_nulls(new))
    if operation.verb is not Verb.REMOVE and isinstance(new, dict):
        return without_nulls({**held, **new})
    return without_nulls(new)


def _check(target: Resolved, before: JsonValue, after: JsonValue) -> None:
    attribute = target.attribute
    if attribute.opaque:
        check_opaque(target.key, after)
    if attribute.required and after is None:
        raise errors.Mutability(
            f"{target.key} is required and cannot be removed; send a value for it.", "SL-PATCH-REQUIRED"
        )
    if attribute.immutable and before is not None and before != after:
        raise errors.Mutability(f"{target.key} cannot be changed once it is set.", "SL-PATCH-IMMUTABLE")


def _check_extensions(document: Json) -> None:
    if len(document) > MAX_EXTENSIONS and sum(":" in name for name in document) > MAX_EXTENSIONS:
        raise errors.InvalidValue(f"A resource holds at most {MAX_EXTENSIONS} extensions.", "SL-VALUE-EXTENSIONS")

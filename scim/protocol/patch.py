"""The body of a PATCH, in every dialect, read into operations of one attribute each: RFC 7644 §3.5.2.

Entra's two dialects meet here: `Add` with a path and strings for booleans, and one `replace` without a path whose
value maps dotted and URN keys. What is not known is noted and passed over, for one odd mapping must not block the
`active: false` beside it; what cannot be read is refused as a whole.
"""

from dataclasses import dataclass
from typing import Any

from scim.protocol.application import apply
from scim.protocol.attributes import JsonValue, Schemas
from scim.protocol.errors import InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget
from scim.protocol.members import MemberEdit, members_of, split_members
from scim.protocol.operations import Operation, Verb, plan
from scim.protocol.targets import Target, find, unfold
from scim.protocol.values import Notes

__all__ = ["MemberEdit", "Operation", "Patch", "Verb", "apply", "members_of", "read_patch", "split_members"]

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAX_OPERATIONS = 1_000

_VERBS = {verb.value: verb for verb in Verb}


@dataclass(frozen=True, slots=True)
class Patch:
    """What a PATCH asks for, in order. `warnings` are sentences about what was accepted and not kept."""

    operations: tuple[Operation, ...]
    warnings: tuple[str, ...]


def read_patch(body: JsonValue, schemas: Schemas) -> Patch:
    """Read the body of a PATCH for one type of resource.

    Raises InvalidSyntax (not a PatchOp), NoTarget (a removal of nothing in particular), InvalidPath and
    InvalidFilter (a path that cannot be read), Mutability (a read-only path), InvalidValue (naming the attribute).
    """
    notes = Notes()
    operations: list[Operation] = []
    for raw in _raw_operations(body):
        operations.extend(_read_operation(raw, schemas, notes))
    return Patch(tuple(operations), notes.sentences)


def _raw_operations(body: JsonValue) -> list[JsonValue]:
    """Return the list of operations; `schemas` may be missing or come behind it."""
    if not isinstance(body, dict):
        raise InvalidSyntax("The body of a PATCH must be one JSON object.", "SL-BODY-OBJECT")
    operations = _lowered(body).get("operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntax('A PATCH needs "Operations", a list of one operation or more.', "SL-PATCH-OPERATIONS")
    if len(operations) > MAX_OPERATIONS:
        raise InvalidValue(f"A PATCH holds at most {MAX_OPERATIONS:,} operations.", "SL-PATCH-COUNT")
    return operations


def _lowered(value: dict[str, Any]) -> dict[str, JsonValue]:
    return {key.lower(): item for key, item in value.items()}


def _read_operation(raw: JsonValue, schemas: Schemas, notes: Notes) -> list[Operation]:
    if not isinstance(raw, dict):
        raise InvalidSyntax("Every operation of a PATCH must be an object.", "SL-PATCH-OPERATION")
    fields = _lowered(raw)
    verb = _verb(fields.get("op"))
    path = fields.get("path")
    if verb is not Verb.REMOVE and "value" not in fields:
        raise InvalidValue(f'An operation "{verb}" needs a value.', "SL-PATCH-VALUE")
    if path is None or path == "":
        return _without_path(verb, fields.get("value"), schemas, notes)
    if not isinstance(path, str):
        raise InvalidPath("The path of an operation must be text.", "SL-PATH-SYNTAX")
    return _with_path(verb, path.strip(), fields.get("value"), schemas, notes)


def _verb(op: JsonValue) -> Verb:
    verb = _VERBS.get(op.lower()) if isinstance(op, str) else None  # Entra sends "Add", "Replace", "Remove"
    if verb is None:
        raise InvalidSyntax('The "op" of an operation is add, replace or remove.', "SL-PATCH-OP")
    return verb


def _without_path(verb: Verb, value: JsonValue, schemas: Schemas, notes: Notes) -> list[Operation]:
    if verb is Verb.REMOVE:
        raise NoTarget("A removal needs a path that says what to remove.", "SL-PATCH-TARGET")
    if not isinstance(value, dict):
        raise InvalidValue("An operation without a path needs an object of attributes as its value.", "SL-PATCH-VALUE")
    pairs = unfold(value, schemas, notes)
    return [operation for target, part in pairs for operation in plan(verb, target, part, notes)]


def _with_path(verb: Verb, text: str, value: JsonValue, schemas: Schemas, notes: Notes) -> list[Operation]:
    if (declared := schemas.attributes_of(text)) is not None:
        if verb is not Verb.REMOVE:
            return _without_path(verb, {text: value}, schemas, notes)
        settable = (Target(found) for found in declared if not found.attribute.read_only)
        return [operation for target in settable for operation in plan(verb, target, None, notes)]
    target = find(text, value, schemas)
    if target is not None and target.resolved.settable:
        return plan(verb, target, value, notes)
    if target is None:
        notes.unknown(text)
    else:
        _pass_over(target, notes)
    return []


def _pass_over(target: Target, notes: Notes) -> None:
    """Refuse an attribute that only the server sets; pass over a part of one, and a password, with a note."""
    if target.resolved.attribute.read_only:
        raise Mutability(
            f"{target.resolved.name} is set by this server and cannot be provisioned; remove its mapping.",
            "SL-PATCH-READONLY",
        )
    if target.discarded:
        notes.discarded(target.resolved.name)
    else:  # manager.displayName must not block the active: false beside it
        notes.read_only(target.resolved.name)

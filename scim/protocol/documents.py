"""The body of a POST or PUT, read into a document: RFC 7644 §3.3 and §3.5.1.

A document is plain JSON in canonical spelling: core attributes at the top, extensions under their URNs,
nothing unassigned, nothing read-only, no `schemas`.
"""

from dataclasses import dataclass
from typing import Any

from scim.protocol.application import apply, read, write
from scim.protocol.attributes import JsonValue, Resolved, Schemas
from scim.protocol.elements import merged
from scim.protocol.errors import InvalidSyntax, InvalidValue
from scim.protocol.operations import Operation, Verb, plan, stands_alone
from scim.protocol.targets import unfold
from scim.protocol.values import Notes, clean


@dataclass(frozen=True, slots=True)
class Document:
    """A resource as a client describes it.

    `named` holds the canonical name of every attribute the body spoke of, also where it said null: a PUT without
    members leaves them alone, a PUT of `members: []` empties the group. `warnings` are sentences about what was
    accepted and not kept.
    """

    attributes: dict[str, Any]
    named: frozenset[str]
    warnings: tuple[str, ...]


def read_document(body: JsonValue, schemas: Schemas) -> Document:
    """Read a whole resource: it is what adding its attributes, one by one, makes of nothing.

    Raises InvalidSyntax where the body is no object, InvalidValue naming the attribute that is missing or wrong.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax("The body must be one JSON object.", "SL-BODY-OBJECT")
    notes = Notes()
    named: set[str] = set()
    attributes: dict[str, Any] = {}
    operations: list[Operation] = []
    for target, value in unfold(body, schemas, notes):
        # Nearly everything is the whole of an attribute, named once; what else comes is added to it, in order.
        if target.resolved.key not in named and stands_alone(target):
            write(attributes, target.resolved, _alone(target.resolved, value, notes))
        else:
            operations += plan(Verb.ADD, target, value, notes)
        named.add(target.resolved.key)
    attributes = _completed(attributes, operations)
    _check_required(attributes, schemas)
    return Document(attributes, frozenset(named), notes.sentences)


def _alone(resolved: Resolved, value: JsonValue, notes: Notes) -> JsonValue:
    cleaned = clean(resolved, value, notes)
    several = resolved.attribute.multi_valued and cleaned and len(cleaned) > 1
    return merged(resolved.attribute, [], cleaned) if several else cleaned


def _completed(attributes: dict[str, Any], operations: list[Operation]) -> dict[str, Any]:
    if not operations:
        return attributes
    completed = apply(attributes, [each for each in operations if not each.target.attribute.reference_set])
    for operation in operations:
        if operation.target.attribute.reference_set and operation.value:
            completed[operation.target.attribute.name] = [{"value": each} for each in operation.value]
    return completed


def _check_required(attributes: dict[str, Any], schemas: Schemas) -> None:
    for found in schemas.required:
        if read(attributes, found) is None:
            raise InvalidValue(f"{found.key} is required; map it to a value.", "SL-VALUE-REQUIRED")

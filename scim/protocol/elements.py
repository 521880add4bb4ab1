"""The elements of a multi-valued attribute under one operation: merge, choose, upsert, drop. RFC 7644 §3.5.2.

Lists and elements are never changed in place: what an operation leaves alone is the same object afterwards.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from scim.protocol.attributes import Attribute, JsonValue
from scim.protocol.errors import NoTarget, TooMany
from scim.protocol.evaluate import clauses, element_matches
from scim.protocol.filters import Bound, BoundAnd, BoundCompare, text_key
from scim.protocol.operations import Operation, Verb
from scim.protocol.syntax import Op
from scim.protocol.values import check_count, demoted, is_primary

Elements = list[Any]

# What says where an element belongs, and nothing about itself.
_LABELS = frozenset({"type", "primary"})


class Budget:
    """How much work one request may cause: operations times elements times clauses (RFC 7644 §7.5.1)."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def charge(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMany("The operations touch too many values at once; send fewer of them.", "SL-PATCH-BUDGET")


def edit_elements(operation: Operation, elements: Elements, budget: Budget) -> Elements:
    """Return the elements after the operation. Raises NoTarget, TooMany, InvalidValue."""
    budget.charge(len(elements) + 1)
    if operation.filter is None and operation.target.sub is None:
        edited = _edit_whole(operation, elements, budget)
    elif operation.verb is Verb.REMOVE:
        edited = _remove_chosen(operation, elements, budget)
    else:
        edited = _write_chosen(operation, elements, budget)
    check_count(operation.target.attribute.name, len(edited))
    return _settle_primary(elements, edited)


def _edit_whole(operation: Operation, elements: Elements, budget: Budget) -> Elements:
    match operation.verb:
        case Verb.ADD:
            return merged(operation.target.attribute, elements, operation.value)
        case Verb.REPLACE:
            return list(operation.value)
        case Verb.REMOVE:
            return _without(operation, elements, budget)


def merged(attribute: Attribute, elements: Elements, added: Elements) -> Elements:
    """Adding what is already there changes nothing; its further parts join it (RFC 7644 §3.5.2.1)."""
    result = list(elements)
    places = {_identity(attribute, element): place for place, element in enumerate(result)}
    for element in added:
        identity = _identity(attribute, element)
        place = places.setdefault(identity, len(result))
        if place == len(result):
            result.append(element)
        elif isinstance(element, dict) and result[place] != (joined := {**result[place], **element}):
            result[place] = joined
    return result


def _identity(attribute: Attribute, element: JsonValue) -> tuple[Any, ...]:
    """What makes two elements the same: value and type (RFC 7643 §2.4), or else all there is."""
    if not isinstance(element, dict):
        return (_key(attribute, element),)
    names = ("value", "type") if "value" in element else sorted(element)
    return tuple((name, _part_key(attribute, name, element.get(name))) for name in names)


def _part_key(attribute: Attribute, name: str, value: JsonValue) -> JsonValue:
    sub = attribute.sub(name)
    return value if sub is None else _key(sub, value)


def _key(attribute: Attribute, value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return text_key(attribute, value)
    return repr(value) if isinstance(value, (list, dict)) else value


def _without(operation: Operation, elements: Elements, budget: Budget) -> Elements:
    """Remove all, or, as Entra's legacy dialect does, the elements that a list of values describes."""
    if operation.value is None:
        return []
    budget.charge(len(elements) * len(operation.value))
    attribute = operation.target.attribute
    return [
        element
        for element in elements
        if not any(_describes(attribute, pattern, element) for pattern in operation.value)
    ]


def _describes(attribute: Attribute, pattern: JsonValue, element: JsonValue) -> bool:
    if not isinstance(pattern, dict) or not isinstance(element, dict):
        return bool(_key(attribute, pattern) == _key(attribute, element))
    return all(
        _part_key(attribute, name, value) == _part_key(attribute, name, element.get(name))
        for name, value in pattern.items()
    )


def _remove_chosen(operation: Operation, elements: Elements, budget: Budget) -> Elements:
    """Drop the chosen elements, or one part of them; removing what is not there succeeds."""
    chosen = _chosen(operation.filter, elements, budget)
    if operation.target.sub is None:
        return [element for place, element in enumerate(elements) if place not in chosen]
    name = operation.target.sub.name
    shortened = (_shorten(element, name) if place in chosen else element for place, element in enumerate(elements))
    return [element for element in shortened if element is not None]


def _shorten(element: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue] | None:
    """Return the element without one part; None where nothing but labels is left of it."""
    if name not in element:
        return element
    rest = {key: value for key, value in element.items() if key != name}
    return rest if rest.keys() - _LABELS else None


def _write_chosen(operation: Operation, elements: Elements, budget: Budget) -> Elements:
    chosen = _chosen(operation.filter, elements, budget)
    if not chosen:
        return [*elements, _written(operation, _from_filter(operation))]
    return [_written(operation, element) if place in chosen else element for place, element in enumerate(elements)]


def _written(operation: Operation, element: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Set what was sent; "sub-attributes that are not specified SHALL be left unchanged" (RFC 7644 §3.5.2.3)."""
    sub = operation.target.sub
    written = {**element, **(operation.value if sub is None else {sub.name: operation.value})}
    return element if written == element else written


def _from_filter(operation: Operation) -> dict[str, JsonValue]:
    """Build the element a filter would have chosen: Entra patches emails[type eq "work"].value into being."""
    equalities = _equalities(operation.filter)
    if equalities is None:
        raise NoTarget(
            f"No value of {operation.target.attribute.name} matches the filter in the path, "
            'and none can be made of it; choose by eq, as in [type eq "work"].',
            "SL-PATCH-TARGET",
        )
    return dict(equalities)


def _equalities(bound: Bound | None) -> list[tuple[str, JsonValue]] | None:
    """Return the parts a filter demands by `eq` alone; None where it demands anything else."""
    match bound:
        case None:
            return []
        case BoundCompare(target, Op.EQ, _, given):
            return [(target.leaf.name, given)]
        case BoundAnd(terms):
            demanded = [_equalities(term) for term in terms]
            return None if None in demanded else [pair for pairs in demanded if pairs for pair in pairs]
        case _:
            return None


def _chosen(bound: Bound | None, elements: Elements, budget: Budget) -> set[int]:
    if bound is None:
        return set(range(len(elements)))
    budget.charge(len(elements) * clauses(bound))
    return {place for place, element in enumerate(elements) if element_matches(bound, element)}


def _settle_primary(before: Iterable[Any], after: Elements) -> Elements:
    """A value newly made primary demotes the others (RFC 7644 §3.5.2)."""
    primaries = [each for each in after if is_primary(each)]
    if len(primaries) < 2:
        return after
    unchanged = {id(element) for element in before}
    fresh = next((each for each in primaries if id(each) not in unchanged), None)
    return after if fresh is None else demoted(after, fresh)

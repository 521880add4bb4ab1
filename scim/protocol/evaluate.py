"""The law of filters, as a function on documents: RFC 7644 §3.4.2.2. PATCH asks it; SQL must agree with it.

* Unassigned is unassigned: a missing attribute, "", [] and {} are all "not present" (RFC 7643 §2.5).
* A comparison holds where *any* value of the attribute compares so; where none is present, it is false.
* `ne` is the negation of `eq`: true where *no* value is equal, so also where none is present.
* `not` negates what it encloses, and nothing else: there is no third truth value.
* Strings compare by `comparison_key`, or exactly where the attribute is caseExact; `gt`, `ge`, `lt` and `le`
  order the keys by code point. Moments compare as moments, whatever their offset or precision.
* `attr[…]` holds where *one* element satisfies the whole filter; `attr.sub` looks at all elements.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from scim.protocol.attributes import Attribute, JsonValue, Resolved, Type
from scim.protocol.filters import (
    Bound,
    BoundAnd,
    BoundCompare,
    BoundElement,
    BoundNot,
    BoundOr,
    BoundPresent,
    Comparable,
    parse_moment,
    text_key,
)
from scim.protocol.syntax import Op

Json = Mapping[str, JsonValue]

_OPERATORS: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQ: operator.eq,
    Op.CO: operator.contains,
    Op.SW: str.startswith,
    Op.EW: str.endswith,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.LT: operator.lt,
    Op.LE: operator.le,
}


def matches(bound: Bound, document: Json) -> bool:
    """Whether a filter bound by `filters.resolve` holds for a document in canonical spelling."""
    return _holds(bound, lambda target: _values(document, target))


def element_matches(bound: Bound, element: Json) -> bool:
    """Whether a filter bound by `filters.resolve_element` holds for one element of a complex attribute."""
    return _holds(bound, lambda target: _present([element.get(target.leaf.name)]))


def clauses(bound: Bound) -> int:
    """How many attributes one evaluation may look at; what a filter costs."""
    match bound:
        case BoundAnd(terms) | BoundOr(terms):
            return sum(clauses(term) for term in terms)
        case BoundNot(inner) | BoundElement(filter=inner):
            return clauses(inner)
        case _:
            return 1


def is_unassigned(value: JsonValue) -> bool:
    """Null and empty values are the same as no value (RFC 7643 §2.5); false and 0 are values."""
    return not value and (value is None or isinstance(value, (str, list, dict)))


def _holds(bound: Bound, values: Callable[[Resolved], list[Any]]) -> bool:
    match bound:
        case BoundCompare(target, op, expected):
            return any(_compares(target.leaf, value, op, expected) for value in values(target))
        case BoundPresent(target):
            return bool(values(target))
        case BoundNot(term):
            return not _holds(term, values)
        case BoundAnd(terms):
            return all(_holds(term, values) for term in terms)
        case BoundOr(terms):
            return any(_holds(term, values) for term in terms)
        case BoundElement(target, inner):
            return any(element_matches(inner, element) for element in values(target))


def _values(document: Json, target: Resolved) -> list[Any]:
    holder = document if target.urn is None else document.get(target.urn, {})
    value = holder.get(target.attribute.name)
    elements = _present(value if isinstance(value, list) else [value])
    return elements if target.sub is None else _present(element.get(target.sub.name) for element in elements)


def _present(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if not is_unassigned(value)]


def _compares(attribute: Attribute, stored: JsonValue, op: Op, expected: Comparable) -> bool:
    actual = _comparison_value(attribute, stored)
    return actual is not None and _OPERATORS[op](actual, expected)


def _comparison_value(attribute: Attribute, stored: JsonValue) -> Comparable | None:
    if attribute.textual:
        return text_key(attribute, stored)
    match attribute.type:
        case Type.BOOLEAN:
            return bool(stored)
        case Type.INTEGER | Type.DECIMAL:
            return Decimal(str(stored))
        case _:
            return parse_moment(stored)

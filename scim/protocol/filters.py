"""Filters that know their attributes: names resolved, values read by the attribute's type. RFC 7644 §3.4.2.2.

A bound filter is what both `evaluate` and the compiler to SQL consume. Three shapes of comparison disappear
on the way: `ne` becomes `not eq`, `eq null` becomes `not pr`, and `ne null` becomes `pr`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from scim.protocol.attributes import Attribute, Resolved, Returned, Schemas, Type
from scim.protocol.errors import InvalidFilter
from scim.protocol.syntax import (
    And,
    AttrPath,
    Compare,
    Filter,
    Literal,
    Not,
    Number,
    Op,
    Or,
    Present,
    ValuePath,
)
from securelogin.directory.text import comparison_key

Comparable = str | bool | Decimal | datetime
Given = str | bool | Decimal


@dataclass(frozen=True, slots=True)
class BoundCompare:
    """A comparison with one attribute. `op` is never `ne`.

    `value` is what to compare with: for a string that is not caseExact its `comparison_key`, for a dateTime
    the moment in UTC. `given` keeps the client's spelling, for whoever builds an element out of a filter.
    """

    target: Resolved
    op: Op
    value: Comparable
    given: Given


@dataclass(frozen=True, slots=True)
class BoundPresent:
    target: Resolved


@dataclass(frozen=True, slots=True)
class BoundNot:
    term: "Bound"


@dataclass(frozen=True, slots=True)
class BoundAnd:
    terms: "tuple[Bound, ...]"


@dataclass(frozen=True, slots=True)
class BoundOr:
    terms: "tuple[Bound, ...]"


@dataclass(frozen=True, slots=True)
class BoundElement:
    """One element of the complex attribute `target` for which the filter holds; targets inside have `sub`."""

    target: Resolved
    filter: "Bound"


Bound = BoundCompare | BoundPresent | BoundNot | BoundAnd | BoundOr | BoundElement

Lookup = Callable[[AttrPath], Resolved | None]


class UnknownAttribute(InvalidFilter):
    """A filter names an attribute that nobody declares."""


def resolve(node: Filter, schemas: Schemas) -> Bound:
    """Bind a filter to the attributes of a resource type.

    Raises InvalidFilter: an attribute that is unknown or never returned, an operator the type does not have,
    a value of another type. A filter that is not understood never means "everything" or "nobody".
    """
    if isinstance(node, ValuePath):
        return _bind_element(node, schemas)
    return _bind(node, schemas.resolve, lambda term: resolve(term, schemas))


def resolve_element(node: Filter, container: Resolved) -> Bound:
    """Bind the filter in the brackets of `container[…]`: its names are the sub-attributes of one element."""

    def lookup(path: AttrPath) -> Resolved | None:
        return container.part(path.name) if path.urn is None and path.sub is None else None

    return _bind(node, lookup, lambda term: resolve_element(term, container))


def _bind(node: Filter, lookup: Lookup, again: Callable[[Filter], Bound]) -> Bound:
    match node:
        case Compare(path, op, value):
            return _bind_compare(_comparable(_known(path, lookup)), op, value)
        case Present(path):
            return BoundPresent(_known(path, lookup))
        case Not(term):
            return BoundNot(again(term))
        case And(terms):
            return BoundAnd(tuple(again(term) for term in terms))
        case Or(terms):
            return BoundOr(tuple(again(term) for term in terms))
        case ValuePath(path):
            raise InvalidFilter(f"{path}[…] cannot stand inside brackets.", "SL-FILTER-BRACKETS")


def _bind_element(node: ValuePath, schemas: Schemas) -> Bound:
    """Bind `attr[…]`; a single complex attribute counts as one element, since asking of it costs nothing."""
    container = _known(node.path, schemas.resolve)
    if container.sub is not None or not container.attribute.complex:
        raise InvalidFilter(f"{container.name} has no elements to filter by [ ].", "SL-FILTER-BRACKETS")
    return BoundElement(container, resolve_element(node.filter, container))


def _known(path: AttrPath, lookup: Lookup) -> Resolved:
    found = lookup(path)
    if found is None:
        raise UnknownAttribute(f"There is no attribute {path} to filter by.", "SL-FILTER-ATTRIBUTE")
    if found.leaf.returned is Returned.NEVER:
        raise InvalidFilter(f"{path} cannot be filtered by.", "SL-FILTER-ATTRIBUTE")
    return found


def _comparable(found: Resolved) -> Resolved:
    """A complex attribute is compared by its `value`: `members eq "…"`, `manager eq "…"`, `emails co "…"`."""
    if not found.leaf.complex:
        return found
    value = found.whole.part("value")
    if value is None:
        raise InvalidFilter(
            f"{found.name} has parts and cannot be compared as a whole; name one, as in "
            f"{found.name}.{found.attribute.sub_attributes[0].name}.",
            "SL-FILTER-COMPLEX",
        )
    return value


def _bind_compare(target: Resolved, op: Op, literal: Literal) -> Bound:
    if op is Op.NE:
        return _negated(_bind_compare(target, Op.EQ, literal))
    if literal is None:
        _require(op is Op.EQ, target, f"cannot be compared with null by {op}")
        return BoundNot(BoundPresent(target))
    _require_operator(target, op)
    given = _typed(target, op, literal)
    return BoundCompare(target, op, _comparison_value(target, given), given)


def _negated(term: Bound) -> Bound:
    return term.term if isinstance(term, BoundNot) else BoundNot(term)


_NUMERIC = frozenset({Type.INTEGER, Type.DECIMAL})
_SUBSTRING = frozenset({Op.CO, Op.SW, Op.EW})
_ORDER = frozenset({Op.GT, Op.GE, Op.LT, Op.LE})


def _require_operator(target: Resolved, op: Op) -> None:
    """RFC 7644 table 3: no order for booleans and binaries; substrings are for text."""
    kind = target.leaf.type
    if op in _ORDER:
        _require(kind not in (Type.BOOLEAN, Type.BINARY), target, f"has no order, {op} does not apply")
    if op in _SUBSTRING:
        _require(target.leaf.textual, target, f"is no text, {op} does not apply")


def _typed(target: Resolved, op: Op, literal: Literal) -> Given:
    """Read a literal as the attribute's type."""
    kind = target.leaf.type
    if kind is Type.BOOLEAN:
        return _boolean(target, literal)
    if kind in _NUMERIC:
        return _number(target, literal)
    return _text(target, op, literal)


def _boolean(target: Resolved, literal: Literal) -> bool:
    # Entra asks for roles[primary eq "True"]: a string where a boolean is meant.
    word = literal.lower() if isinstance(literal, str) else literal
    _require(word in (True, False, "true", "false"), target, "is true or false")
    return word in (True, "true")


def _number(target: Resolved, literal: Literal) -> Decimal:
    if not isinstance(literal, Number):
        raise InvalidFilter(f"{target.name} is a number; leave the quotes out.", "SL-FILTER-VALUE")
    return literal.value


def _text(target: Resolved, op: Op, literal: Literal) -> str:
    """An unquoted number or boolean is compared as its text, by `eq` only: employeeNumber eq 701984."""
    _require(isinstance(literal, str) or op is Op.EQ, target, "is text; put the value in double quotes")
    text = literal.text if isinstance(literal, Number) else str(literal)
    _require(storable(text), target, "cannot hold U+0000 or half of a surrogate pair")
    return text


def _comparison_value(target: Resolved, given: Given) -> Comparable:
    if not isinstance(given, str):
        return given
    if target.leaf.type is Type.DATE_TIME:
        moment = parse_moment(given)
        if moment is None:
            raise InvalidFilter(f"{target.name} is a moment, as in 2026-01-31T12:00:00Z.", "SL-FILTER-VALUE")
        return moment
    return text_key(target.leaf, given)


def text_key(attribute: Attribute, text: str) -> str:
    """Return what a text is compared by: itself where the attribute is caseExact, else its comparison key."""
    return text if attribute.case_exact else comparison_key(text)


def parse_moment(text: str) -> datetime | None:
    """Read an RFC 3339 dateTime as UTC, with any number of fractional digits (Entra sends 7), or None."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def storable(text: str) -> bool:
    """Whether a database can hold the text: neither U+0000 nor half of a surrogate pair."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))


def _require(condition: bool, target: Resolved, reason: str) -> None:  # noqa: FBT001 - a condition, not a switch
    if not condition:
        raise InvalidFilter(f"{target.name} {reason}.", "SL-FILTER-VALUE")

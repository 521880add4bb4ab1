"""Filter → SQL, sortBy → ORDER BY: RFC 7644 §3.4.2.2 and §3.4.2.3. What `protocol.evaluate` says of a document holds
here of rows.

Every leaf is true or false, never NULL, so that NOT negates. Names in the SQL come from our declarations; whatever a
client sent is a parameter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scim.protocol.attributes import Resolved, Type
from scim.protocol.errors import InvalidFilter
from scim.protocol.filters import Bound, BoundAnd, BoundCompare, BoundElement, BoundNot, BoundOr, BoundPresent
from scim.protocol.syntax import Op
from scim.resources.bindings import Column, Computed, Kept, Related
from scim.resources.resource import Resource, path_of
from scim.resources.rows import moment_key
from securelogin.directory.dialect import Dialect
from securelogin.directory.directory import DOMAIN, Condition
from securelogin.directory.ids import parse_id

TRUE, FALSE = Condition("TRUE"), Condition("FALSE")
_ORDER = {Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<="}


def compile_filter(bound: Bound, resource: Resource, dialect: Dialect) -> Condition:
    """Return the WHERE clause of a filter, over the alias `t` of the resource's table. Raises InvalidFilter."""
    return _compile(bound, _Root(resource, dialect))


def compile_members(bound: Bound, resource: Resource, dialect: Dialect) -> Condition:
    """Return the condition of a filter in `members[…]`, over the alias `m` of memberships. Raises InvalidFilter."""
    return _compile(bound, _Members(resource, dialect))


@dataclass(frozen=True, slots=True)
class _Root:
    """Where the names of a filter are those of a resource."""

    resource: Resource
    dialect: Dialect

    def compare(self, bound: BoundCompare) -> Condition:
        place = self.resource.binding(bound.target)
        match place:
            case Column(column):
                return _compare_column(self._key(column), bound, self.dialect)
            case Kept():
                return self._compare_kept(bound)
            case Related():
                return self.element(BoundElement(Resolved(None, bound.target.attribute), bound))
            case Computed():
                return _compare_computed(bound, self.resource, self.dialect)
            case _:
                return FALSE

    def present(self, bound: BoundPresent) -> Condition:
        target, place = bound.target, self.resource.binding(bound.target)
        match place:
            case Column(column):
                return Condition(f"t.{column} IS NOT NULL")
            case Kept() if target.attribute.multi_valued and target.sub is not None:
                return self.element(BoundElement(Resolved(target.urn, target.attribute), bound))
            case Kept():
                return _any([*self._parts_present(target), self._kept_present(target)])
            case Related():
                return self.element(BoundElement(target, BoundPresent(target)))
            case Computed():
                return TRUE
            case _:
                return FALSE

    def element(self, bound: BoundElement) -> Condition:
        place = self.resource.binding(bound.target)
        if isinstance(place, Related):
            return _memberships(bound.filter, self.resource, self.dialect)
        if isinstance(place, Kept) and place.looked_up and _is_looked_up(bound.filter):
            return _lookups(bound, self.dialect)
        if not bound.target.attribute.multi_valued:
            # One element or none: where there is none, not even a negation holds of it.
            return _joined(" AND ", [self.present(BoundPresent(bound.target)), _compile(bound.filter, self)])
        return self._elements(bound)

    def _elements(self, bound: BoundElement) -> Condition:
        inner = _compile(bound.filter, _Element(self.dialect))
        holder, name = self._holder(bound.target)
        return Condition(
            f"EXISTS (SELECT 1 FROM {self.dialect.elements(holder, name)} WHERE {inner.sql})", inner.parameters
        )

    def _compare_kept(self, bound: BoundCompare) -> Condition:
        target = bound.target
        if target.attribute.multi_valued:
            return self.element(BoundElement(Resolved(target.urn, target.attribute), bound))
        return _compare_text(self.dialect.member("t.comparable", path_of(target)), bound, self.dialect)

    def _key(self, column: str) -> str:
        return f"t.{self.resource.table.keys.get(column, column)}"

    def _parts_present(self, target: Resolved) -> Iterator[Condition]:
        """A complex attribute is present where one of its parts is, and some parts live in columns."""
        for sub in target.attribute.sub_attributes if target.sub is None else ():
            place = self.resource.bindings.get(target.with_sub(sub).name)
            if isinstance(place, Column):
                yield Condition(f"t.{place.column} IS NOT NULL")

    def _kept_present(self, target: Resolved) -> Condition:
        return Condition(f"{self.dialect.member('t.comparable', path_of(target))} IS NOT NULL")

    def _holder(self, target: Resolved) -> tuple[str, str]:
        holder = "t.comparable" if target.urn is None else f"{self.dialect.inner('t.comparable', target.urn)}"
        return holder, target.attribute.name


@dataclass(frozen=True, slots=True)
class _Element:
    """Where the names of a filter are those of one element of a JSON list, under the alias `e`."""

    dialect: Dialect

    def compare(self, bound: BoundCompare) -> Condition:
        return _compare_text(self._value(bound.target), bound, self.dialect)

    def present(self, bound: BoundPresent) -> Condition:
        return Condition(f"{self._value(bound.target)} IS NOT NULL")

    def element(self, bound: BoundElement) -> Condition:
        raise InvalidFilter(f"{bound.target.name}[…] cannot stand inside brackets.", "SL-FILTER-BRACKETS")

    def _value(self, target: Resolved) -> str:
        return self.dialect.element(None if target.sub is None else target.sub.name)


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Where the names of a filter are `value` and `type` of a look-up row, under the alias `l`."""

    dialect: Dialect

    def compare(self, bound: BoundCompare) -> Condition:
        return _compare_text(self._column(bound.target), bound, self.dialect)

    def present(self, bound: BoundPresent) -> Condition:
        return Condition(f"{self._column(bound.target)} IS NOT NULL")

    def element(self, bound: BoundElement) -> Condition:
        raise InvalidFilter(f"{bound.target.name}[…] cannot stand inside brackets.", "SL-FILTER-BRACKETS")

    def _column(self, target: Resolved) -> str:
        return "l.type_key" if target.leaf.name == "type" else "l.key"


@dataclass(frozen=True, slots=True)
class _Members:
    """Where the names of a filter are those of a membership, under the alias `m`, seen from one of its sides."""

    resource: Resource
    dialect: Dialect

    def compare(self, bound: BoundCompare) -> Condition:
        name = bound.target.leaf.name
        if name == "value":
            return _compare_id(f"m.{self.resource.table.other}", bound, self.dialect)
        if name == "type":
            return _constant("user" if self.resource.related == "members" else "direct", bound)
        raise InvalidFilter(
            f'{bound.target.key} is filtered by value, as in {bound.target.key}.value eq "…".', "SL-FILTER-MEMBERS"
        )

    def present(self, _bound: BoundPresent) -> Condition:
        return TRUE

    def element(self, bound: BoundElement) -> Condition:
        raise InvalidFilter(f"{bound.target.name}[…] cannot stand inside brackets.", "SL-FILTER-BRACKETS")


_Scope = _Root | _Element | _Lookup | _Members


def _compile(bound: Bound, scope: _Scope) -> Condition:
    match bound:
        case BoundAnd(terms):
            return _joined(" AND ", [_compile(term, scope) for term in terms])
        case BoundOr(terms):
            return _any([_compile(term, scope) for term in terms])
        case BoundNot(term):
            inner = _compile(term, scope)
            return Condition(f"(NOT {inner.sql})", inner.parameters)
        case BoundCompare():
            return scope.compare(bound)
        case BoundPresent():
            return scope.present(bound)
        case BoundElement():
            return scope.element(bound)


def _joined(word: str, terms: list[Condition]) -> Condition:
    parameters = tuple(parameter for term in terms for parameter in term.parameters)
    return Condition(f"({word.join(term.sql for term in terms)})", parameters)


def _any(terms: list[Condition]) -> Condition:
    return _joined(" OR ", terms)


def _lookups(bound: BoundElement, dialect: Dialect) -> Condition:
    """Ask the index rows: `IN` finds them by their own index on both databases, a correlated EXISTS does not."""
    inner = _compile(bound.filter, _Lookup(dialect))
    sql = f"t.id IN (SELECT l.user_id FROM directory_userlookup l WHERE l.domain_id = %s AND l.attribute = %s AND {inner.sql})"
    return Condition(sql, (DOMAIN, bound.target.attribute.name, *inner.parameters))


def _memberships(bound: Bound, resource: Resource, dialect: Dialect) -> Condition:
    inner = _compile(bound, _Members(resource, dialect))
    sql = f"t.id IN (SELECT m.{resource.table.own} FROM directory_membership m WHERE m.domain_id = %s AND {inner.sql})"
    return Condition(sql, (DOMAIN, *inner.parameters))


def _is_looked_up(bound: Bound) -> bool:
    """Tell whether index rows can answer: they know `value` and `type`, and only elements that have a value."""
    return _names(bound) <= {"value", "type"} and _demands_value(bound)


def _demands_value(bound: Bound) -> bool:
    match bound:
        case BoundAnd(terms):
            return any(_demands_value(term) for term in terms)
        case BoundOr(terms):
            return all(_demands_value(term) for term in terms)
        case BoundCompare(target) | BoundPresent(target):
            return target.leaf.name == "value"
        case _:
            return False


def _names(bound: Bound) -> set[str]:
    match bound:
        case BoundAnd(terms) | BoundOr(terms):
            return {name for term in terms for name in _names(term)}
        case BoundNot(term):
            return _names(term)
        case BoundCompare(target) | BoundPresent(target) | BoundElement(target):
            return {target.leaf.name}


def _compare_column(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
    if bound.target.leaf.type is Type.BOOLEAN:
        return Condition(f"{x} = %s", (bound.value,))
    return _compare_key(x, bound.op, str(bound.value), dialect)


def _compare_text(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
    return _compare_key(x, bound.op, _as_key(bound.value), dialect)


def _as_key(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return moment_key(value) if isinstance(value, datetime) else str(value)


def _compare_key(x: str, op: Op, key: str, dialect: Dialect) -> Condition:
    """Compare text with text. Nothing stored is empty, so nothing equals "" and everything starts with it."""
    if not key and op in {Op.CO, Op.SW, Op.EW}:
        return Condition(f"{x} IS NOT NULL")
    match op:
        case Op.EQ:
            test, parameters = f"{x} = %s", (key,)
        case Op.CO:
            test, parameters = dialect.contains(x), (key,)
        case Op.SW:
            test, parameters = dialect.starts(x), (key,)
        case Op.EW:
            test, parameters = dialect.ends(x), (key, key)  # type: ignore[assignment]  # as many as it has places
        case _:
            test, parameters = f"{dialect.by_code_point(x)} {_ORDER[op]} %s", (key,)
    return Condition(f"({x} IS NOT NULL AND {test})", parameters)


def _compare_computed(bound: BoundCompare, resource: Resource, dialect: Dialect) -> Condition:
    name = bound.target.name
    if name == "id":
        return _compare_id("t.id", bound, dialect)
    if name == "meta.resourceType":
        return _constant(resource.name if bound.target.leaf.case_exact else resource.name.lower(), bound)
    if name in {"meta.created", "meta.lastModified"} and isinstance(bound.value, datetime):
        column = "t.created" if name == "meta.created" else "t.modified"
        return Condition(f"{column} {_ORDER.get(bound.op, '=')} %s", (dialect.moment(bound.value),))
    raise InvalidFilter(
        f"{name} cannot be filtered by; use id, meta.created or meta.lastModified.", "SL-FILTER-COMPUTED"
    )


def _compare_id(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
    key = str(bound.value)
    if bound.op is not Op.EQ:
        return _compare_key(dialect.id_text(x), bound.op, key, dialect)
    return FALSE if parse_id(key) is None else Condition(f"{x} = %s", (dialect.id(key),))


def _constant(actual: str, bound: BoundCompare) -> Condition:
    """Compare what is the same in every row, here and now."""
    key = str(bound.value)
    tests = {
        Op.EQ: actual == key,
        Op.CO: key in actual,
        Op.SW: actual.startswith(key),
        Op.EW: actual.endswith(key),
        Op.GT: actual > key,
        Op.GE: actual >= key,
        Op.LT: actual < key,
        Op.LE: actual <= key,
    }
    return TRUE if tests[bound.op] else FALSE


def sort_terms(target: Resolved, resource: Resource, dialect: Dialect, *, descending: bool) -> tuple[str, ...]:
    """Return ORDER BY terms: by key, what has no value last, or first when descending (RFC 7644 §3.4.2.3).

    A multi-valued attribute sorts by its primary value, else by its first. Raises InvalidFilter's sibling for what has
    no order.
    """
    x = _sort_key(target, resource, dialect)
    direction = " DESC" if descending else ""
    return (f"({x} IS NULL){direction}", f"{x}{direction}")


def _sort_key(target: Resolved, resource: Resource, dialect: Dialect) -> str:
    place = resource.binding(target)
    if isinstance(place, Column):
        return f"t.{resource.table.keys.get(place.column, place.column)}"
    computed = {"id": "t.id", "meta.created": "t.created", "meta.lastModified": "t.modified"}
    if target.name in computed:
        return computed[target.name]
    if isinstance(place, Kept) and target.leaf.type is not Type.COMPLEX:
        return _kept_sort_key(target, dialect)
    raise InvalidFilter(f"The list cannot be sorted by {target.name}.", "SL-SORT")


def _kept_sort_key(target: Resolved, dialect: Dialect) -> str:
    if not target.attribute.multi_valued:
        return dialect.by_code_point(dialect.member("t.comparable", path_of(target)))
    holder = "t.comparable" if target.urn is None else dialect.inner("t.comparable", target.urn)
    value = dialect.element(None if target.sub is None else target.sub.name)
    primary = f"coalesce({dialect.element('primary')}, 'false')"
    source = dialect.elements(holder, target.attribute.name)
    first = f"(SELECT {value} FROM {source} ORDER BY {primary} DESC, {dialect.element_position} LIMIT 1)"
    return dialect.by_code_point(first)

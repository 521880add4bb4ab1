"""Filter → SQL, sortBy → ORDER BY: RFC 7644 §3.4.2.2 and §3.4.2.3. What `protocol.evaluate` says of a document holds
here of rows.

Every leaf is true or false, never NULL, so that NOT negates. Names in the SQL come from our declarations; whatever a
client sent is a parameter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scim.comparisons import FALSE, TRUE, compare_column, compare_computed, compare_id, compare_text, constant
from scim.protocol.attributes import Resolved
from scim.protocol.errors import InvalidFilter, InvalidPath
from scim.protocol.filters import Bound, BoundAnd, BoundCompare, BoundElement, BoundNot, BoundOr, BoundPresent
from scim.resources.bindings import Column, Computed, Discarded, Kept, Related
from scim.resources.resource import Resource, path_of
from securelogin.directory.dialect import Dialect
from securelogin.directory.directory import DOMAIN, Condition


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
                return compare_column(self._key(column), bound, self.dialect)
            case Kept():
                return self._compare_kept(bound)
            case Related():
                return self.element(BoundElement(bound.target.whole, bound))
            case Computed():
                return compare_computed(bound, self.resource, self.dialect)
            case Discarded():
                return FALSE

    def present(self, bound: BoundPresent) -> Condition:
        target, place = bound.target, self.resource.binding(bound.target)
        match place:
            case Column(column):
                return Condition(f"t.{column} IS NOT NULL")
            case Kept() if target.attribute.multi_valued and target.sub is not None:
                return self.element(BoundElement(target.whole, bound))
            case Kept():
                return _any([*self._parts_present(target), self._kept_present(target)])
            case Related():
                return self.element(BoundElement(target, BoundPresent(target)))
            case Computed():
                return TRUE
            case Discarded():
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
            return self.element(BoundElement(target.whole, bound))
        return compare_text(self.dialect.member("t.comparable", path_of(target)), bound, self.dialect)

    def _key(self, column: str) -> str:
        return f"t.{self.resource.table.keys.get(column, column)}"

    def _parts_present(self, target: Resolved) -> Iterator[Condition]:
        """A complex attribute is present where one of its parts is, and some parts live in columns."""
        for part in target.parts:
            place = self.resource.bindings.get(part.name)
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
        return compare_text(self._value(bound.target), bound, self.dialect)

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
        return compare_text(self._column(bound.target), bound, self.dialect)

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
            return compare_id(f"m.{self.resource.table.other}", bound, self.dialect)
        if name == "type":
            return constant("user" if self.resource.related == "members" else "direct", bound)
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
    source = f"FROM directory_userlookup l WHERE l.domain_id = %s AND l.attribute = %s AND {inner.sql}"
    return Condition(f"t.id IN (SELECT l.user_id {source})", (DOMAIN, bound.target.attribute.name, *inner.parameters))


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


def sort_terms(target: Resolved, resource: Resource, dialect: Dialect, *, descending: bool) -> tuple[str, ...]:
    """Return ORDER BY terms: by key, what has no value last, or first when descending (RFC 7644 §3.4.2.3).

    A multi-valued attribute sorts by its primary value, else by its first. Raises InvalidPath for what has
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
    if isinstance(place, Kept) and not target.leaf.complex:
        return _kept_sort_key(target, dialect)
    raise InvalidPath(f"The list cannot be sorted by {target.name}.", "SL-SORT")


def _kept_sort_key(target: Resolved, dialect: Dialect) -> str:
    if not target.attribute.multi_valued:
        return dialect.by_code_point(dialect.member("t.comparable", path_of(target)))
    holder = "t.comparable" if target.urn is None else dialect.inner("t.comparable", target.urn)
    value = dialect.element(None if target.sub is None else target.sub.name)
    primary = f"coalesce({dialect.element('primary')}, 'false')"
    source = dialect.elements(holder, target.attribute.name)
    first = f"(SELECT {value} FROM {source} ORDER BY {primary} DESC, {dialect.element_position} LIMIT 1)"
    return dialect.by_code_point(first)

"""The words of filters and paths as values, and how they are printed: RFC 7644 §3.4.2.2 and §3.5.2.

Frozen nodes without any schema; `grammar` reads them from text, `filters` binds them to attributes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Op(StrEnum):
    """The comparison operators of RFC 7644 §3.4.2.2, table 3; `pr` is a node of its own."""

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number. Keeps its spelling, for an employee number 1e3 that was sent without its quotes."""

    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)


Literal = str | bool | Number | None


@dataclass(frozen=True, slots=True)
class AttrPath:
    """`urn:name.sub`, split after the last colon and the first dot behind it; schemas know what it means."""

    urn: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        text = self.name if self.sub is None else f"{self.name}.{self.sub}"
        return text if self.urn is None else f"{self.urn}:{text}"


@dataclass(frozen=True, slots=True)
class Compare:
    path: AttrPath
    op: Op
    value: Literal


@dataclass(frozen=True, slots=True)
class Present:
    path: AttrPath


@dataclass(frozen=True, slots=True)
class Not:
    term: "Filter"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`emails[filter]`: one element for which the whole filter holds."""

    path: AttrPath
    filter: "Filter"


Filter = Compare | Present | Not | And | Or | ValuePath


@dataclass(frozen=True, slots=True)
class Path:
    """The target of a PATCH operation: `attr`, `attr[filter]` or `attr[filter].sub` (RFC 7644 §3.5.2)."""

    attr: AttrPath
    filter: Filter | None = None
    sub: str | None = None


def literals(node: Filter) -> Iterator[Literal]:
    """Yield what a filter compares with, in order."""
    match node:
        case Compare(value=value):
            yield value
        case Not(inner) | ValuePath(filter=inner):
            yield from literals(inner)
        case And(terms) | Or(terms):
            for term in terms:
                yield from literals(term)


def print_filter(node: Filter) -> str:
    """Write a filter so that parsing it gives the same node again."""
    match node:
        case Compare(path, op, value):
            return f"{path} {op} {_print_literal(value)}"
        case Present(path):
            return f"{path} pr"
        case Not(term):
            return f"not ({print_filter(term)})"
        case And(terms):
            return " and ".join(_print_factor(term) for term in terms)
        case Or(terms):
            return " or ".join(print_filter(term) for term in terms)
        case ValuePath(path, inner):
            return f"{path}[{print_filter(inner)}]"


def print_path(path: Path) -> str:
    """Write a PATCH path so that parsing it gives the same value again."""
    selection = "" if path.filter is None else f"[{print_filter(path.filter)}]"
    sub = "" if path.sub is None else f".{path.sub}"
    return f"{path.attr}{selection}{sub}"


def _print_factor(term: Filter) -> str:
    return f"({print_filter(term)})" if isinstance(term, Or) else print_filter(term)


def _print_literal(value: Literal) -> str:
    return value.text if isinstance(value, Number) else json.dumps(value)

"""One comparison as SQL: RFC 7644 §3.4.2.2, table 3. Every one is true or false, never NULL, so that NOT negates."""

from datetime import datetime
from typing import Any

from scim.protocol.attributes import Type
from scim.protocol.errors import InvalidFilter
from scim.protocol.filters import BoundCompare
from scim.protocol.syntax import Op
from scim.resources.resource import Resource
from scim.resources.rows import moment_key
from securelogin.directory.dialect import Dialect
from securelogin.directory.directory import Condition
from securelogin.directory.ids import is_id

TRUE, FALSE = Condition("TRUE"), Condition("FALSE")
_ORDER = {Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<="}


def compare_column(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
    if bound.target.leaf.type is Type.BOOLEAN:
        return Condition(f"({x} IS NOT NULL AND {x} = %s)", (bound.value,))
    return _compare_key(x, bound.op, str(bound.value), dialect)


def compare_text(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
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


def compare_computed(bound: BoundCompare, resource: Resource, dialect: Dialect) -> Condition:
    name = bound.target.name
    if name == "id":
        return compare_id("t.id", bound, dialect)
    if name == "meta.resourceType":
        return constant(resource.name if bound.target.leaf.case_exact else resource.name.lower(), bound)
    if name in {"meta.created", "meta.lastModified"} and isinstance(bound.value, datetime):
        column = "t.created" if name == "meta.created" else "t.modified"
        return Condition(f"{column} {_ORDER.get(bound.op, '=')} %s", (dialect.moment(bound.value),))
    raise InvalidFilter(
        f"{name} cannot be filtered by; use id, meta.created or meta.lastModified.", "SL-FILTER-COMPUTED"
    )


def compare_id(x: str, bound: BoundCompare, dialect: Dialect) -> Condition:
    key = str(bound.value)
    if bound.op is not Op.EQ:
        return _compare_key(dialect.id_text(x), bound.op, key, dialect)
    return Condition(f"{x} = %s", (dialect.id(key),)) if is_id(key) else FALSE


def constant(actual: str, bound: BoundCompare) -> Condition:
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

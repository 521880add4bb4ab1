"""The hot statements: built once per shape, prepared by the driver. Every one of them names the domain."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

import orjson

from securelogin.directory.dialect import Dialect, Statement
from securelogin.directory.errors import MissingError
from securelogin.directory.ids import is_id

# One row of a resource as it is read: the columns of its table by name, ids as canonical text, `attributes` as JSON
# text.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of resource as it is stored: what it is called, its columns, and which of them have a comparison key."""

    name: str
    table: str
    label: str  # the column people know it by
    columns: tuple[str, ...]
    keys: Mapping[str, str]  # column → key column
    internal: tuple[str, ...]  # columns that only the kernel sets
    related: str  # what `related` reads beside the row
    other: str  # the membership column that refers to the other side
    own: str  # the membership column that refers to this table

    def __hash__(self) -> int:
        return hash(self.table)


USERS = Table(
    name="User",
    table="directory_user",
    label="user_name",
    columns=(
        "user_name",
        "external_id",
        "active",
        "display_name",
        "given_name",
        "family_name",
        "manager_ref",
    ),
    keys={
        "user_name": "user_name_key",
        "display_name": "display_name_key",
        "given_name": "given_name_key",
        "family_name": "family_name_key",
    },
    internal=("session_epoch",),
    related="groups",
    other="group_id",
    own="user_id",
)
GROUPS = Table(
    name="Group",
    table="directory_group",
    label="display_name",
    columns=("display_name", "external_id"),
    keys={"display_name": "display_name_key"},
    internal=(),
    related="members",
    other="user_id",
    own="group_id",
)

# Stands in a Condition's parameters for the id of the domain: who asks cannot name one, the Directory fills in its own.
DOMAIN: Final = object()


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE clause over the alias `t`, as scim/queries.py compiles it from a filter."""

    sql: str
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that reads rows of a domain not yet named: DOMAIN stands for its id. `names` are its columns, and
    the first of them is never null.
    """

    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]

    def of(self, domain: Any) -> tuple[Any, ...]:
        """Return the parameters with the id of a domain in its places."""
        return tuple(domain if parameter is DOMAIN else parameter for parameter in self.parameters)

    def within(self, domain: str) -> Statement:
        """Return it as a part of a statement that knows the domain's id as the expression `domain`."""
        places = tuple(parameter is DOMAIN for parameter in self.parameters)
        return Statement(
            _named(self.sql, places, domain), tuple(each for each in self.parameters if each is not DOMAIN)
        )


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What a read found that was run before anybody asked for it."""

    read: Read
    rows: list[tuple[Any, ...]]


@lru_cache(maxsize=512)
def _named(sql: str, places: tuple[bool, ...], name: str) -> str:
    """Put a name for those placeholders that are marked."""
    first, *others = sql.split("%s")
    marked = zip(places, others, strict=True)
    return first + "".join(f"{name if is_place else '%s'}{part}" for is_place, part in marked)


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows of an answer: ORDER BY terms over `t`, then how many to skip and to return.

    `after` is an id to go on behind, in the order of ids alone.
    """

    order: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 100
    after: str | None = None


DERIVED = ("comparable", "lookups")


def read_columns(table: Table, *extra: str) -> tuple[str, ...]:
    """Return the names of what `read` selects, in order."""
    return ("id", *table.columns, *table.internal, "version", "created", "modified", "attributes", *extra)


@cache
def read(table: Table, dialect: Dialect, *extra: str) -> str:
    """`SELECT … FROM table t`; `extra` asks for "groups" (of users), "members" (of groups), or the derived columns."""
    plain = (f"t.{column}" for column in read_columns(table)[1:-1])
    selected = [dialect.id_text("t.id"), *plain, dialect.json_text("t.attributes")]
    selected += [_EXTRA[name](dialect) for name in extra]
    return f"SELECT {', '.join(selected)} FROM {table.table} t"  # names come from our models


def one(table: Table, row_id: str, dialect: Dialect, *extra: str, lock: str = "") -> Read:
    """Return the read of one row; `extra` as for `read`, `lock` one of the dialect's. Raises MissingError for what is
    no id.
    """
    if not is_id(row_id):
        raise MissingError(row_id)
    sql = f"{read(table, dialect, *extra)} WHERE t.domain_id = %s AND t.id = %s{lock}"
    return Read(sql, (DOMAIN, dialect.id(row_id)), read_columns(table, *extra))


def some(table: Table, condition: Condition | None, part: Slice, dialect: Dialect, *extra: str) -> Read:
    """Return the read of a slice of the rows that meet the condition, in a stable order (at last by id, by age)."""
    selected, (where, parameters) = read(table, dialect, *extra), where_of(condition)
    if part.after:
        where, parameters = f"{where} AND t.id > %s", (*parameters, dialect.id(part.after))
    order = ", ".join((*part.order, "t.id"))
    if part.offset:
        # Skip over ids alone: whole rows would be read only to be thrown away.
        page = f"SELECT t.id FROM {table.table} t {where} ORDER BY {order} LIMIT %s OFFSET %s"
        sql = f"{selected} JOIN ({page}) page ON page.id = t.id ORDER BY {order}"
        parameters += (part.limit, part.offset)
    else:
        sql = f"{selected} {where} ORDER BY {order} LIMIT %s"
        parameters += (part.limit,)
    return Read(sql, parameters, read_columns(table, *extra))


def where_of(condition: Condition | None) -> tuple[str, tuple[Any, ...]]:
    """Return the WHERE clause of a domain's rows that meet a condition, and its parameters."""
    if condition is None:
        return "WHERE t.domain_id = %s", (DOMAIN,)
    return f"WHERE t.domain_id = %s AND {condition.sql}", (DOMAIN, *condition.parameters)


def _members_of_group(dialect: Dialect) -> str:
    source = "FROM directory_membership m WHERE m.domain_id = t.domain_id AND m.group_id = t.id"
    return dialect.joined("m.user_id", source)


def _groups_of_user(dialect: Dialect) -> str:
    source = (
        "FROM directory_membership m JOIN directory_group g ON g.domain_id = m.domain_id AND g.id = m.group_id"
        " WHERE m.domain_id = t.domain_id AND m.user_id = t.id"
    )
    return dialect.pairs("g.id", "g.display_name", source)


def _lookups_of_user(dialect: Dialect) -> str:
    source = "FROM directory_userlookup l WHERE l.user_id = t.id"
    return dialect.rows(("l.attribute", "l.position", "l.key", "l.type_key"), source)


_EXTRA = {
    "members": _members_of_group,
    "groups": _groups_of_user,
    "comparable": lambda dialect: dialect.json_text("t.comparable"),
    "lookups": _lookups_of_user,
}


def insert(table: str, values: Mapping[str, Any], dialect: Dialect) -> Statement:
    """`INSERT INTO table`; dicts and lists are stored as JSON, UUIDs and datetimes in the database's own form."""
    return insert_many(table, [values], dialect)


def insert_many(table: str, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Statement:
    """As `insert`, for several rows at once."""
    columns = ", ".join(rows[0])  # names come from our models
    if records := dialect.records(table, columns):
        return Statement(f"INSERT INTO {table} ({columns}) {records}", (as_json(rows),))
    one = "(" + ", ".join(_placeholder(value, dialect) for value in rows[0].values()) + ")"
    sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * len(rows))}"
    return Statement(sql, tuple(bind(value, dialect) for row in rows for value in row.values()))


def update(table: Table, domain_id: UUID, row: Row, values: Mapping[str, Any], dialect: Dialect) -> Statement:
    """`UPDATE` of exactly these columns of a row, if it is of the version that was read."""
    settings = ", ".join(f"{column} = {_placeholder(value, dialect)}" for column, value in values.items())
    sql = f"UPDATE {table.table} SET {settings} WHERE domain_id = %s AND id = %s AND version = %s"  # as insert
    bound = (bind(value, dialect) for value in values.values())
    return Statement(sql, (*bound, dialect.id(domain_id), dialect.id(row["id"]), row["version"]))


def count(domain_id: UUID, counted: str, difference: int, dialect: Dialect) -> Statement:
    """Move a domain's counter. Slots keep writers from queueing for one row; the sum is the count."""
    sql = (
        "INSERT INTO directory_counter (domain_id, counted, slot, value) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (domain_id, counted, slot) DO UPDATE SET value = directory_counter.value + excluded.value"
    )
    slot = secrets.randbelow(dialect.counter_slots)
    return Statement(sql, (dialect.id(domain_id), counted, slot, difference))


def mention(domain_id: UUID, change_id: UUID, subjects: Iterable[str], dialect: Dialect) -> Statement:
    """Put a change on the timelines of these subjects, however many, in one statement."""
    sql = (
        "INSERT INTO directory_mention (domain_id, change_id, subject_id)"
        f" SELECT {dialect.id_parameter}, {dialect.id_parameter}, each.id FROM {dialect.each_id()}"
    )
    return Statement(sql, (dialect.id(domain_id), dialect.id(change_id), dialect.ids(subjects)))


def among(x: str, ids: Sequence[UUID | str], dialect: Dialect) -> Statement:
    """Return the condition that `x` is one of these ids, for a hot statement: mostly they are one."""
    if len(ids) == 1:
        return Statement(f"{x} = %s", (dialect.id(ids[0]),))
    return Statement(dialect.among(x), (dialect.ids(ids),))


def _placeholder(value: Any, dialect: Dialect) -> str:
    return dialect.json() if isinstance(value, dict | list) else "%s"


def as_json(value: Any) -> str:
    """Return a value as the rows hold it: JSON text."""
    return orjson.dumps(value).decode()


def bind(value: Any, dialect: Dialect) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, UUID):
        return dialect.id(value)
    if isinstance(value, datetime):
        return dialect.moment(value)
    if isinstance(value, dict | list):
        return as_json(value)
    return value

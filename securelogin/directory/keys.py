"""What is derived from a row's values: comparison keys and look-up rows. Derived here and nowhere else, and
rebuildable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError

from securelogin.directory.dialect import Dialect, Statement
from securelogin.directory.errors import TooLongError
from securelogin.directory.statements import Row, Table, insert_many
from securelogin.directory.text import comparison_key

# Bytes of a key in UTF-8. PostgreSQL's indexes hold some 2,700 bytes a row; SQLite would take any length.
KEY_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Lookup:
    """One value of a plural attribute that is looked up, as its comparison key, beside the key of its type.

    `position` counts through all look-up rows of the user.
    """

    attribute: str
    position: int
    key: str
    type_key: str | None


@dataclass(frozen=True, slots=True)
class Values:
    """What a caller wants a row to hold. Columns that are not named stay; `attributes` None leaves all three JSON
    parts.

    `comparable` is the twin of `attributes` in which every string is its comparison key: filters run on it.
    """

    columns: Mapping[str, Any]
    attributes: dict[str, Any] | None = None
    comparable: dict[str, Any] = field(default_factory=dict)
    lookups: tuple[Lookup, ...] = ()
    looked_up: tuple[str, ...] = ()  # the attributes from which `lookups` come


def name_key(table: Table, name: str) -> str:
    return checked(table.label, comparison_key(name))


def checked(column: str, key: str) -> str:
    """Return the key, or raise TooLongError."""
    if len(key) > KEY_LIMIT or len(key.encode()) > KEY_LIMIT:
        raise TooLongError(column, KEY_LIMIT)
    return key


def with_keys(table: Table, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns and the key columns that follow from them. Raises TooLongError."""
    result = dict(columns)
    for column, value in columns.items():
        if column in table.keys:
            result[table.keys[column]] = None if value is None else checked(column, comparison_key(value))
        elif isinstance(value, str):
            checked(column, value)
    return result


def stored(table: Table, values: Values) -> dict[str, Any]:
    """Return all that a new row stores."""
    return with_keys(table, values.columns) | {
        "attributes": values.attributes or {},
        "comparable": values.comparable,
    }


def canonical(value: Any) -> bytes:
    """Return JSON in one spelling, to compare with: to Python `true` equals 1, to whoever sent them they differ."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _differ(old: Any, new: Any) -> bool:
    return old != new or canonical(old) != canonical(new)


def difference(table: Table, row: Row, values: Values) -> dict[str, Any]:
    """Return the columns whose values differ from the row's, with the keys that follow."""
    changed = {column: value for column, value in values.columns.items() if row[column] != value}
    result = with_keys(table, changed)
    if values.attributes is not None and _differ(orjson.loads(row["attributes"]), values.attributes):
        result |= {"attributes": values.attributes, "comparable": values.comparable}
    return result


def lookup_inserts(domain_id: UUID, row_id: str, values: Values, dialect: Dialect) -> list[Statement]:
    """Return the write that sets the look-up rows of `values`, by position; none where there are none.

    Raises TooLongError.
    """
    if not values.lookups:
        return []
    user_id = UUID(row_id)
    rows = [_lookup_row(domain_id, user_id, lookup) for lookup in values.lookups]
    inserted = insert_many("directory_userlookup", rows, dialect)
    otherwise = (
        " ON CONFLICT (user_id, position) DO UPDATE"
        " SET attribute = excluded.attribute, key = excluded.key, type_key = excluded.type_key"
    )
    return [Statement(inserted.sql + otherwise, inserted.parameters)]


def lookup_rewrites(domain_id: UUID, row_id: str, values: Values, dialect: Dialect) -> list[Statement]:
    """Return the writes that make a user's look-up rows those of `values`.

    What lies beyond is deleted, the rest set where it stands: no row is touched twice, so the writes may run as one.
    """
    beyond = "DELETE FROM directory_userlookup WHERE user_id = %s AND position >= %s"
    excess = Statement(beyond, (dialect.id(row_id), len(values.lookups)))
    return [excess, *lookup_inserts(domain_id, row_id, values, dialect)]


def lookups_differ(row: Row, values: Values) -> bool:
    """Tell whether an attribute that is looked up differs between a row and `values`."""
    old, new = orjson.loads(row["attributes"]), values.attributes or {}
    return any(old.get(name) != new.get(name) for name in values.looked_up)


def _lookup_row(domain_id: UUID, user_id: UUID, lookup: Lookup) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "position": lookup.position,
        "domain_id": domain_id,
        "attribute": lookup.attribute,
        "key": checked(lookup.attribute, lookup.key),
        "type_key": None if lookup.type_key is None else checked(lookup.attribute, lookup.type_key),
    }


def is_name_clash(error: IntegrityError) -> bool:
    """Tell whether a write failed because the name is taken in its domain."""
    text = str(error)
    return any(
        constraint in text or column in text
        for constraint, column in (
            ("user_name_is_unique_per_domain", "directory_user.user_name_key"),
            ("group_name_is_unique_per_domain", "directory_group.display_name_key"),
        )
    )

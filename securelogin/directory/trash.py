"""What a deletion leaves behind, and what bringing back needs: the writes around a Tombstone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from securelogin.directory.dialect import Dialect, Statement
from securelogin.directory.keys import Lookup, Values
from securelogin.directory.membership import present
from securelogin.directory.models import Tombstone
from securelogin.directory.statements import GROUPS, USERS, Row, Table, count, insert
from securelogin.directory.text import comparison_key


@dataclass(frozen=True, slots=True)
class Burial:
    """A locked row on its way out, with the ids of the groups it was in, or of the members it had."""

    domain_id: UUID
    table: Table
    row: Row
    memberships: Iterable[str]
    now: datetime


def burial_writes(burial: Burial, dialect: Dialect) -> list[Statement]:
    """Return the writes that take the row away and keep what it was; its memberships are gone already."""
    table, row = burial.table, burial.row
    delete = f"DELETE FROM {table.table} WHERE domain_id = %s AND id = %s"  # names come from our models
    tombstone = {
        "id": UUID(row["id"]),
        "domain_id": burial.domain_id,
        "subject_type": table.name,
        "label": row[table.label],
        "label_key": comparison_key(row[table.label]),
        "snapshot": _snapshot(table, row, dialect),
        "memberships": list(burial.memberships),
        "deleted": burial.now,
        "purge_after": burial.now + timedelta(days=settings.TOMBSTONE_DAYS),
    }
    return [
        Statement(delete, (dialect.id(burial.domain_id), dialect.id(row["id"]))),
        count(burial.domain_id, table.name, -1, dialect),
        insert("directory_tombstone", tombstone, dialect),
    ]


def touch_groups(domain_id: UUID, group_ids: list[str], now: datetime, dialect: Dialect) -> list[Statement]:
    """Return the write that tells a new version of each group a deleted user was in."""
    if not group_ids:
        return []
    sql = (
        "UPDATE directory_group SET version = version + 1,"
        " modified = CASE WHEN modified > %s THEN modified ELSE %s END"
        f" WHERE domain_id = %s AND {dialect.any_of('id')}"
    )
    moment = dialect.moment(now)
    return [Statement(sql, (moment, moment, dialect.id(domain_id), dialect.ids(group_ids)))]


def _snapshot(table: Table, row: Row, dialect: Dialect) -> dict[str, Any]:
    snapshot: dict[str, Any] = {name: row[name] for name in (*table.columns, *table.internal, "version")}
    snapshot["created"] = dialect.read_moment(row["created"]).isoformat()
    snapshot["attributes"] = orjson.loads(row["attributes"])
    snapshot["comparable"] = orjson.loads(row["comparable"])
    snapshot["lookups"] = orjson.loads(row["lookups"] or "[]") if table is USERS else []
    return snapshot


@dataclass(frozen=True, slots=True)
class Returning:
    """A tombstone read back: the row it kept, as values to store."""

    table: Table
    id: str
    label: str
    values: Values
    columns: Mapping[str, Any]  # what the kernel itself keeps: version, created, the epoch of sessions
    memberships: tuple[str, ...]


def exhume(tombstone: Tombstone) -> Returning:
    """Read a tombstone. Sessions, links and passwords from before the deletion stay dead: the epoch moves on."""
    snapshot = dict(tombstone.snapshot)
    table = USERS if tombstone.subject_type == USERS.name else GROUPS
    lookups = tuple(Lookup(*entry) for entry in snapshot["lookups"])
    values = Values(
        columns={name: snapshot[name] for name in table.columns},
        attributes=snapshot["attributes"],
        comparable=snapshot["comparable"],
        lookups=lookups,
    )
    kept = {name: snapshot[name] + 1 for name in (*table.internal, "version")}
    kept["created"] = datetime.fromisoformat(snapshot["created"])
    return Returning(table, str(tombstone.id), tombstone.label, values, kept, tuple(tombstone.memberships))


def outlook(tombstone: Tombstone, dialect: Dialect, most: int) -> tuple[list[str], list[str]]:
    """Return, of so many memberships, the ids of those that would come back with it, and of those that are not there to
    be rejoined.

    Between this look and the restoring, others may come and go.
    """
    other = "directory_group" if tombstone.subject_type == USERS.name else "directory_user"
    asked = tombstone.memberships[:most]
    there = present(other, tombstone.domain_id, asked, dialect)
    return sorted(there), sorted(set(asked) - set(there))

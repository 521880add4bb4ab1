"""Membership, set-wise: the cost of a change is that of the ids it names, whatever the size of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from securelogin.directory.dialect import Dialect
from securelogin.directory.errors import UnknownMembersError
from securelogin.directory.ids import parse_id
from securelogin.directory.statements import GROUPS, USERS, Table


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What becomes of a group's members: all go (`clear`) or the named ones (`remove`), then others come (`add`)."""

    clear: bool = False
    add: Sequence[str] = ()
    remove: Sequence[str] = ()


NO_CHANGE = MemberChange()


@dataclass(frozen=True, slots=True)
class Moved:
    """Which users really came and went; `skipped` are ids of groups, which are not kept as members."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def move(domain_id: UUID, group_id: str, change: MemberChange, dialect: Dialect) -> Moved:
    """Apply a change to a group that the caller has locked. Raises UnknownMembersError, with nothing changed once it
    rolls back.
    """
    removed = _remove(domain_id, group_id, change, dialect)
    wanted = list(dict.fromkeys(change.add))
    malformed = [user_id for user_id in wanted if parse_id(user_id) is None]
    if malformed:
        raise UnknownMembersError(malformed)
    added = join(domain_id, GROUPS, group_id, wanted, dialect) if wanted else []
    skipped = _explain(domain_id, wanted, dialect) if len(added) < len(wanted) else []
    return Moved(tuple(added), tuple(removed), tuple(skipped))


def lock_groups_of(domain_id: UUID, user_id: str, dialect: Dialect) -> None:
    """Lock the groups that a user is in, in the order of their ids."""
    if parse_id(user_id) is None or not dialect.lock:
        return
    sql = (
        "SELECT g.id FROM directory_group g WHERE g.domain_id = %s AND g.id IN"
        " (SELECT group_id FROM directory_membership WHERE domain_id = %s AND user_id = %s)"
        f" ORDER BY g.id{dialect.lock}"
    )
    domain = dialect.id(domain_id)
    dialect.run(sql, (domain, domain, dialect.id(user_id)))


def leave(domain_id: UUID, table: Table, row_id: str, dialect: Dialect) -> list[str]:
    """End all memberships of a user or a group that is about to go; return the ids of the other side."""
    sql = (
        f"DELETE FROM directory_membership WHERE domain_id = %s AND {table.own} = %s"
        f" RETURNING {dialect.id_text(table.other)}"
    )
    return _ids(dialect, sql, (dialect.id(domain_id), dialect.id(row_id)))


def join(domain_id: UUID, table: Table, row_id: str, others: Sequence[str], dialect: Dialect) -> list[str]:
    """Add memberships with those others that exist in the domain and are none yet; return their ids.

    Sharing the other side's rows keeps a concurrent DELETE of one waiting until the membership is there to be deleted
    too.
    """
    other_table = "directory_group" if table is USERS else "directory_user"
    sql = (
        f"INSERT INTO directory_membership (domain_id, {table.own}, {table.other})"
        f" SELECT o.domain_id, {dialect.id_parameter}, o.id FROM {other_table} o"
        f" WHERE o.domain_id = %s AND {dialect.any_of('o.id')}{dialect.share}"
        f" ON CONFLICT DO NOTHING RETURNING {dialect.id_text(table.other)}"
    )
    return _ids(dialect, sql, (dialect.id(row_id), dialect.id(domain_id), dialect.ids(others)))


def present(table: str, domain_id: UUID, ids: Sequence[str], dialect: Dialect) -> list[str]:
    """Return which of these ids are rows of the table in this domain."""
    sql = f"SELECT {dialect.id_text('t.id')} FROM {table} t WHERE t.domain_id = %s AND {dialect.any_of('t.id')}"
    return _ids(dialect, sql, (dialect.id(domain_id), dialect.ids(ids)))


def _remove(domain_id: UUID, group_id: str, change: MemberChange, dialect: Dialect) -> list[str]:
    named = change.add if change.clear else change.remove
    ids = dialect.ids(user_id for user_id in named if parse_id(user_id) is not None)
    if not change.clear and not change.remove:
        return []
    which = f"NOT ({dialect.any_of('user_id')})" if change.clear else dialect.any_of("user_id")
    sql = (
        f"DELETE FROM directory_membership WHERE domain_id = %s AND group_id = %s AND {which}"
        f" RETURNING {dialect.id_text('user_id')}"
    )
    return _ids(dialect, sql, (dialect.id(domain_id), dialect.id(group_id), ids))


def _explain(domain_id: UUID, wanted: list[str], dialect: Dialect) -> list[str]:
    """Fewer came than were named: some were members already, some may be groups, and what is neither is unknown."""
    missing = _without(wanted, present("directory_user", domain_id, wanted, dialect))
    if not missing:
        return []
    groups = present("directory_group", domain_id, missing, dialect)
    unknown = _without(missing, groups)
    if unknown:
        raise UnknownMembersError(unknown)
    return missing


def _without(ids: list[str], others: list[str]) -> list[str]:
    known = set(others)
    return [one for one in ids if one not in known]


def _ids(dialect: Dialect, sql: str, parameters: tuple[Any, ...]) -> list[str]:
    """Return ids by age; a database returns them as it comes across them."""
    return sorted(row[0] for row in dialect.run(sql, parameters))

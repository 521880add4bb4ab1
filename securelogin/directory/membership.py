"""Membership, set-wise: the cost of a change is that of the ids it names, whatever the size of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from securelogin.directory.dialect import Demand, Dialect, Statement
from securelogin.directory.errors import OvertakenError, UnknownMembersError
from securelogin.directory.ids import is_id
from securelogin.directory.statements import GROUPS, USERS, Table, among


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What becomes of a group's members: all go (`clear`) or the named ones (`remove`), then others come (`add`)."""

    clear: bool = False
    add: Sequence[str] = ()
    remove: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.clear or self.add or self.remove)

    @property
    def is_simple(self) -> bool:
        """Whether it can be made without a lock: members only come or only go, and are few."""
        return not self.clear and not (self.add and self.remove) and len(self.add) + len(self.remove) <= FEW


NO_CHANGE = MemberChange()

# Among more there may well be one who is a member already, and then all of it is done anew.
FEW = 20


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
    malformed = [user_id for user_id in wanted if not is_id(user_id)]
    if malformed:
        raise UnknownMembersError(malformed)
    added = join(domain_id, GROUPS, group_id, wanted, dialect) if wanted else []
    skipped = _explain(domain_id, wanted, dialect) if len(added) < len(wanted) else []
    return Moved(tuple(added), tuple(removed), tuple(skipped))


def all_moving(domain_id: UUID, group_id: str, change: MemberChange, dialect: Dialect) -> tuple[Moved, Demand]:
    """Return who moves if everybody does whom a simple change names, and the demand that it be so.

    For a group that nobody has locked: the demand comes behind that of the group's own row, in the same statement.
    Raises OvertakenError where not all can move; what becomes of the others is for `move` to say.
    """
    named = sorted({*change.add, *change.remove})
    if not change.is_simple or any(not is_id(user_id) for user_id in named):
        raise OvertakenError
    if change.add:
        moved, write = Moved(added=tuple(named)), _arrival(domain_id, GROUPS, group_id, named, dialect)
    else:
        which = among("user_id", named, dialect)
        moved, write = Moved(removed=tuple(named)), _departure(domain_id, group_id, which, dialect)
    return moved, Demand(write, OvertakenError(), rows=len(named))


def lock_groups_of(domain_id: UUID, user_id: str, dialect: Dialect) -> None:
    """Lock the groups that a user is in, in the order of their ids."""
    if not is_id(user_id) or not dialect.lock:
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
    sql = f"DELETE FROM directory_membership WHERE domain_id = %s AND {table.own} = %s"
    return _moved(Statement(sql, (dialect.id(domain_id), dialect.id(row_id))), table.other, dialect)


def join(domain_id: UUID, table: Table, row_id: str, others: Sequence[str], dialect: Dialect) -> list[str]:
    """Add memberships with those others that exist in the domain and are none yet; return their ids."""
    return _moved(_arrival(domain_id, table, row_id, others, dialect), table.other, dialect)


def present(table: str, domain_id: UUID, ids: Sequence[str], dialect: Dialect) -> list[str]:
    """Return which of these ids are rows of the table in this domain."""
    chosen = among("t.id", ids, dialect)
    sql = f"SELECT {dialect.id_text('t.id')} FROM {table} t WHERE t.domain_id = %s AND {chosen.sql}"
    return _ids(dialect.run(sql, (dialect.id(domain_id), *chosen.parameters)))


def _remove(domain_id: UUID, group_id: str, change: MemberChange, dialect: Dialect) -> list[str]:
    if not change.clear and not change.remove:
        return []
    named = change.add if change.clear else change.remove
    which = among("user_id", [user_id for user_id in named if is_id(user_id)], dialect)
    if change.clear:
        which = Statement(f"NOT ({which.sql})", which.parameters)
    return _moved(_departure(domain_id, group_id, which, dialect), "user_id", dialect)


def _arrival(domain_id: UUID, table: Table, row_id: str, others: Sequence[str], dialect: Dialect) -> Statement:
    """Return the write of memberships with those others that are there, and are no members yet.

    Sharing the other side's rows keeps a concurrent DELETE of one waiting until the membership is there to be deleted
    too.
    """
    other_table, chosen = "directory_group" if table is USERS else "directory_user", among("o.id", others, dialect)
    sql = (
        f"INSERT INTO directory_membership (domain_id, {table.own}, {table.other})"
        f" SELECT o.domain_id, {dialect.id_parameter}, o.id FROM {other_table} o"
        f" WHERE o.domain_id = %s AND {chosen.sql}{dialect.share} ON CONFLICT DO NOTHING"
    )
    return Statement(sql, (dialect.id(row_id), dialect.id(domain_id), *chosen.parameters))


def _departure(domain_id: UUID, group_id: str, which: Statement, dialect: Dialect) -> Statement:
    """Return the write that ends those memberships of a group that the condition `which` selects."""
    sql = f"DELETE FROM directory_membership WHERE domain_id = %s AND group_id = %s AND {which.sql}"
    return Statement(sql, (dialect.id(domain_id), dialect.id(group_id), *which.parameters))


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


def _moved(write: Statement, other: str, dialect: Dialect) -> list[str]:
    """Run a write of memberships, and return the ids of whom it found on their other side."""
    return _ids(dialect.run(f"{write.sql} RETURNING {dialect.id_text(other)}", write.parameters))


def _ids(rows: list[tuple[Any, ...]]) -> list[str]:
    """Return ids by age; a database returns them as it comes across them."""
    return sorted(row[0] for row in rows)

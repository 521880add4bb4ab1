"""Directory: the only door to a domain's people and groups. Bound to one domain, it cannot name a row of another."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from securelogin.directory import guard, journal, keys, membership, statements, trash
from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.dialect import Demand, Statement
from securelogin.directory.errors import HeldError, MissingError, NameTakenError, OvertakenError, VersionError
from securelogin.directory.ids import uuid7
from securelogin.directory.journal import Happening, Occasion
from securelogin.directory.keys import Values
from securelogin.directory.membership import NO_CHANGE, MemberChange, Moved
from securelogin.directory.models import Tombstone
from securelogin.directory.reading import Reader
from securelogin.directory.statements import (
    DOMAIN,
    GROUPS,
    USERS,
    Condition,
    ReadAhead,
    Row,
    Slice,
    Table,
    as_json,
)
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange

# What no password matches (django.contrib.auth.hashers): people whom Entra provisions sign in with Entra.
UNUSABLE_PASSWORD = "!"  # noqa: S105


class Directory(Reader):
    """Reads and writes of one domain. Each write is one transaction: rows, counters, journal, log line, or nothing."""

    def __init__(
        self, tenant: Tenant, actor: Actor, exchange: Exchange | None = None, ahead: ReadAhead | None = None
    ) -> None:
        super().__init__(tenant, ahead)
        self.actor = actor
        self.exchange = exchange
        self._in_transaction = self._was_overtaken = False

    @contextmanager
    def held(self, table: Table, row_id: str, *extra: str, locked: bool = True) -> Iterator[Row]:
        """Yield one row for `update` to write. Raises MissingError, NameTakenError, and OvertakenError to be repeated.

        What is not locked spares the transaction around the two: `update` then finds the version that was read, and all
        members move who are named, or nothing is written. Whoever has been overtaken locks, so that she comes through
        the next time.
        """
        try:
            if locked or self._was_overtaken:
                with self._transaction(table):
                    yield self.get(table, row_id, *extra, lock=self.dialect.lock)
            else:
                yield self.get(table, row_id, *extra)
        except OvertakenError:
            self._was_overtaken = True
            raise

    def create(self, table: Table, values: Values, members: Sequence[str] = ()) -> Row:
        """Insert a row, and for a group its members. Raises NameTakenError, TooLongError, UnknownMembersError."""
        now = _now()
        row = {
            "id": str(uuid7()),
            **dict.fromkeys(table.columns),
            **values.columns,
            **dict.fromkeys(table.internal, 0),
        }
        row |= {"version": 1, "created": now, "modified": now, "attributes": as_json(values.attributes or {})}
        # Members take statements of their own; all else of a new row is one.
        with self._transaction(table, transaction.atomic() if members else self.dialect.alone()):
            writes = self._insertion(table, row, values)
            if members:
                # The group must be there before its members are.
                self._run(table, writes, row)
                writes = []
                members = self._move(row["id"], MemberChange(add=members)).added
                row[table.related] = ",".join(sorted(members))
            happening = journal.created(table, row, members)
            self._run(table, [*writes, *self._recorded(happening, now)], row)
        return row

    def update(self, table: Table, row: Row, values: Values | None, members: MemberChange = NO_CHANGE) -> Row:
        """Write what differs between a held row and `values`, and a group's member changes; or nothing at all."""
        moved, demands = self._moved(row["id"], members)
        changed = keys.difference(table, row, values) if values else {}
        if not changed and not moved:
            if self.exchange:
                self.exchange.about(table.name, row["id"], row[table.label])
            return row
        now = max(_now(), self.dialect.read_moment(row["modified"]))
        after = {
            **row,
            **{name: changed[name] for name in changed if name in row},
            "version": row["version"] + 1,
            "modified": now,
        }
        if row.get("active") and not after["active"]:
            demands += self._guarded(table, row, now)
        if not changed.get("active", True):
            after["session_epoch"] = changed["session_epoch"] = row["session_epoch"] + 1
        columns = changed | {"version": after["version"], "modified": now}
        own = statements.update(table, self.tenant.id, row, columns, self.dialect)
        writes = []
        if values and "attributes" in changed:
            after["attributes"] = as_json(values.attributes)
            if keys.lookups_differ(row, values):
                writes += keys.lookup_rewrites(self.tenant.id, row["id"], values, self.dialect)
        happening = journal.updated(table, row, after, moved.added, moved.removed)
        writes += self._recorded(happening, now)
        with self._transaction(table, self.dialect.alone()):
            self._run(table, writes, after, [Demand(own, OvertakenError()), *demands])
        return after

    def delete(self, table: Table, row_id: str, expected_version: int | None = None) -> None:
        """Delete a row for real, and its memberships; a Tombstone keeps them. Raises MissingError, VersionError."""
        extra = ("comparable", "lookups") if table is USERS else ("comparable",)
        with self._transaction(table):
            if table is USERS:
                # Groups first, then the user, as everywhere: in another order two writers could wait for each other.
                membership.lock_groups_of(self.tenant.id, row_id, self.dialect)
            row = self.get(table, row_id, *extra, lock=self.dialect.lock_to_delete)
            if expected_version not in {None, row["version"]}:
                raise VersionError(row_id)
            left = membership.leave(self.tenant.id, table, row_id, self.dialect)
            now = _now()
            writes = trash.burial_writes(trash.Burial(self.tenant.id, table, row, left, now), self.dialect)
            if table is USERS:
                writes += trash.touch_groups(self.tenant.id, left, now, self.dialect)
            writes += self._recorded(journal.deleted(table, row, left), now)
            self._run(table, writes, row, self._guarded(table, row, now))

    def restore(self, tombstone_id: UUID) -> tuple[Row, list[str]]:
        """Bring back what was deleted, with its id and memberships; return it and the ids that are not there to rejoin.

        Raises MissingError, and NameTakenError when the name belongs to another by now.
        """
        tombstone = Tombstone.objects.filter(domain_id=self.tenant.id, id=tombstone_id).first()
        if tombstone is None:
            raise MissingError(tombstone_id)
        back, now = trash.exhume(tombstone), _now()
        table, values = back.table, back.values
        row = {
            "id": back.id,
            **values.columns,
            **back.columns,
            "modified": now,
            "attributes": as_json(values.attributes),
        }
        with self._transaction(table):
            if not Tombstone.objects.filter(domain_id=self.tenant.id, id=tombstone_id).delete()[0]:
                raise MissingError(tombstone_id)
            self._run(table, self._insertion(table, row, values), row)
            joined = membership.join(self.tenant.id, table, back.id, back.memberships, self.dialect)
            writes = trash.touch_groups(self.tenant.id, joined, now, self.dialect) if table is USERS else []
            happening = Happening("restore", table.name, back.id, back.label, touched=joined)
            self._run(table, [*writes, *self._recorded(happening, now)], row)
        return row, [one for one in back.memberships if one not in set(joined)]

    # The machinery of writing

    def _insertion(self, table: Table, row: Row, values: Values) -> list[Statement]:
        columns = keys.stored(table, values) | {name: row[name] for name in table.internal}
        columns |= {"id": UUID(row["id"]), "domain_id": self.tenant.id}
        columns |= {name: row[name] for name in ("version", "created", "modified")}
        if table is USERS:
            columns["password"] = UNUSABLE_PASSWORD
        writes = [statements.insert(table.table, columns, self.dialect)]
        writes += keys.lookup_inserts(self.tenant.id, row["id"], values, self.dialect)
        return [*writes, statements.count(self.tenant.id, table.name, 1, self.dialect)]

    def _recorded(self, happening: Happening, now: datetime) -> list[Statement]:
        """Return the writes of the journal and the logbook's line: committed with the change or not at all."""
        request_id = str(self.exchange.id) if self.exchange else ""
        occasion = Occasion(self.tenant, self.actor, request_id, now)
        writes = journal.statements(occasion, happening, self.dialect)
        if self.exchange and not self.exchange.written:
            self.exchange.about(happening.subject_type, happening.subject_id, happening.subject_label)
            self.exchange.changed, self.exchange.outcome = True, happening.outcome
            writes.append(statements.insert("logbook_entry", writer.values(self.exchange), self.dialect))
        return writes

    def _moved(self, group_id: str, change: MemberChange) -> tuple[Moved, list[Demand]]:
        """Return who has moved; of a group that is not locked, who will have, and the demand that it be so."""
        if not change or self._in_transaction:
            return self._move(group_id, change), []
        moved, demand = membership.all_moving(self.tenant.id, group_id, change, self.dialect)
        return moved, [demand]

    def _move(self, group_id: str, change: MemberChange) -> Moved:
        moved = membership.move(self.tenant.id, group_id, change, self.dialect)
        if self.exchange:
            for skipped in moved.skipped:
                self.exchange.warn(f"The member {skipped} is a group; nested groups are not kept, so it was skipped.")
        return moved

    @contextmanager
    def _transaction(self, table: Table, scope: AbstractContextManager[None] | None = None) -> Iterator[None]:
        if self._in_transaction:
            yield  # as a part of it
            return
        exchange = self.exchange or Exchange(id=uuid7(), method="", path="")
        try:
            with scope or transaction.atomic():
                self._in_transaction = True
                yield
            exchange.written = exchange.written or exchange.changed
        except NameTakenError as clash:
            raise NameTakenError(clash.name, self.find_by_name(table, clash.name)) from clash
        except HeldError as held:
            exchange.about(held.subject_type, held.subject_id, held.label)
            held.is_news = guard.hold(self.tenant, held)
            raise
        finally:
            self._in_transaction = False
            exchange.changed = exchange.written

    def _guarded(self, table: Table, row: Row, now: datetime) -> list[Demand]:
        """Return what a removal has to meet: managers and commands know what they do, and are not guarded."""
        return [guard.demand(self.tenant, table, row, now)] if self.actor.kind == "connection" else []

    def _run(self, table: Table, writes: list[Statement], row: Row, demands: Sequence[Demand] = ()) -> None:
        try:
            if demands:
                self.dialect.demanding(demands, writes)
            else:
                self.dialect.together(writes)
        except IntegrityError as error:
            if keys.is_name_clash(error):
                raise NameTakenError(row[table.label], None) from error
            raise


def _now() -> datetime:
    """Return the time to the millisecond, as it is shown: a value that was read can be compared with in a filter."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


__all__ = ["DOMAIN", "GROUPS", "USERS", "Condition", "Directory", "Slice", "Values"]

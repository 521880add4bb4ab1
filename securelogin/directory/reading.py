"""Reading: what may be read of one domain's people and groups. Every statement names the domain."""

from typing import Any

from securelogin.directory import dialect as dialects
from securelogin.directory import keys, statements
from securelogin.directory.credential import Tenant
from securelogin.directory.errors import MissingError
from securelogin.directory.statements import DOMAIN, Condition, Read, ReadAhead, Row, Slice, Table


class Reader:
    """Reads of one domain: bound to it, it cannot name a row of another.

    `ahead` is what was read of it together with the credential: it answers the first read, if that is the same one.
    """

    def __init__(self, tenant: Tenant, ahead: ReadAhead | None = None) -> None:
        self.tenant = tenant
        self.dialect = dialects.current()
        self._ahead = ahead

    def get(self, table: Table, row_id: str, *extra: str, lock: str = "") -> Row:
        """Return one row, or raise MissingError; `extra` and `lock` as for statements.one."""
        rows = self._rows(statements.one(table, row_id, self.dialect, *extra, lock=lock))
        if not rows:
            raise MissingError(row_id)
        return rows[0]

    def select(self, table: Table, condition: Condition | None, part: Slice, *extra: str) -> list[Row]:
        """Return a slice of the rows that meet the condition, in a stable order (at last by id, that is by age)."""
        return self._rows(statements.some(table, condition, part, self.dialect, *extra))

    def count(self, table: Table, condition: Condition | None) -> int:
        """Return how many rows meet the condition, exactly; all of them are counted by their counter, in no time."""
        if condition is None:
            sql = "SELECT coalesce(sum(value), 0) FROM directory_counter WHERE domain_id = %s AND counted = %s"
            return int(self._value(Read(sql, (DOMAIN, table.name), ("value",))))
        where, parameters = statements.where_of(condition)
        return int(self._value(Read(f"SELECT count(*) FROM {table.table} t {where}", parameters, ("count",))))

    def find_by_name(self, table: Table, name: str) -> str | None:
        """Return the id of the user or group with this name, compared as names are."""
        sql = (
            f"SELECT {self.dialect.id_text('t.id')} FROM {table.table} t"
            f" WHERE t.domain_id = %s AND t.{table.keys[table.label]} = %s"
        )
        found = self._value(Read(sql, (DOMAIN, keys.name_key(table, name)), ("id",)))
        return None if found is None else str(found)

    def members_where(self, group_id: str, condition: Condition) -> list[str]:
        """Return the ids of a group's members that meet a condition over the alias `m`."""
        sql = (
            f"SELECT {self.dialect.id_text('m.user_id')} FROM directory_membership m"
            f" WHERE m.domain_id = %s AND m.group_id = %s AND {condition.sql}"
        )
        parameters = (DOMAIN, self.dialect.id(group_id), *condition.parameters)
        return [row[0] for row in self._found(Read(sql, parameters, ("id",)))]

    def _rows(self, read: Read) -> list[Row]:
        # What was read ahead answers once: who asks again wants to see what has happened since.
        ahead, self._ahead = self._ahead, None
        found = ahead.rows if ahead is not None and ahead.read == read else self._found(read)
        return [dict(zip(read.names, row, strict=True)) for row in found]

    def _found(self, read: Read) -> list[tuple[Any, ...]]:
        return self.dialect.run(read.sql, read.of(self.dialect.id(self.tenant.id)))

    def _value(self, read: Read) -> Any:
        rows = self._found(read)
        return rows[0][0] if rows else None

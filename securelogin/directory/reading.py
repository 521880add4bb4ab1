"""Reading: what may be read of one domain's people and groups. Every statement names the domain."""

from typing import Any

from securelogin.directory import dialect as dialects
from securelogin.directory import keys, statements
from securelogin.directory.credential import Tenant
from securelogin.directory.errors import MissingError
from securelogin.directory.ids import parse_id
from securelogin.directory.statements import DOMAIN, Condition, Row, Slice, Table


class Reader:
    """Reads of one domain: bound to it, it cannot name a row of another."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.dialect = dialects.current()

    def get(self, table: Table, row_id: str, *extra: str) -> Row:
        """Return one row, or raise MissingError; `extra` as for statements.read."""
        sql = f"{statements.read(table, self.dialect, *extra)} WHERE t.domain_id = %s AND t.id = %s"
        return self._one(table, sql, row_id, extra)

    def select(self, table: Table, condition: Condition | None, part: Slice, *extra: str) -> list[Row]:
        """Return a slice of the rows that meet the condition, in a stable order (at last by id, that is by age)."""
        read = statements.read(table, self.dialect, *extra)
        where, parameters = self._where(condition)
        if part.after:
            where, parameters = f"{where} AND t.id > %s", (*parameters, self.dialect.id(part.after))
        order = ", ".join((*part.order, "t.id"))
        if part.offset:
            # Skip over ids alone: whole rows would be read only to be thrown away.
            page = f"SELECT t.id FROM {table.table} t {where} ORDER BY {order} LIMIT %s OFFSET %s"
            sql = f"{read} JOIN ({page}) page ON page.id = t.id ORDER BY {order}"
            parameters += (part.limit, part.offset)
        else:
            sql = f"{read} {where} ORDER BY {order} LIMIT %s"
            parameters += (part.limit,)
        return self._rows(table, sql, parameters, extra)

    def count(self, table: Table, condition: Condition | None) -> int:
        """Return how many rows meet the condition, exactly; all of them are counted by their counter, in no time."""
        if condition is None:
            sql = "SELECT coalesce(sum(value), 0) FROM directory_counter WHERE domain_id = %s AND counted = %s"
            return int(self._value(sql, (self.dialect.id(self.tenant.id), table.name)))
        where, parameters = self._where(condition)
        return int(self._value(f"SELECT count(*) FROM {table.table} t {where}", parameters))

    def find_by_name(self, table: Table, name: str) -> str | None:
        """Return the id of the user or group with this name, compared as names are."""
        sql = (
            f"SELECT {self.dialect.id_text('t.id')} FROM {table.table} t"
            f" WHERE t.domain_id = %s AND t.{table.keys[table.label]} = %s"
        )
        found = self._value(sql, (self.dialect.id(self.tenant.id), keys.name_key(table, name)))
        return None if found is None else str(found)

    def members_where(self, group_id: str, condition: Condition) -> list[str]:
        """Return the ids of a group's members that meet a condition over the alias `m`."""
        sql = (
            f"SELECT {self.dialect.id_text('m.user_id')} FROM directory_membership m"
            f" WHERE m.domain_id = %s AND m.group_id = %s AND {condition.sql}"
        )
        parameters = (self.dialect.id(self.tenant.id), self.dialect.id(group_id), *condition.parameters)
        return [row[0] for row in self.dialect.run(sql, parameters)]

    def _where(self, condition: Condition | None) -> tuple[str, tuple[Any, ...]]:
        domain = self.dialect.id(self.tenant.id)
        if condition is None:
            return "WHERE t.domain_id = %s", (domain,)
        parameters = (domain if parameter is DOMAIN else parameter for parameter in condition.parameters)
        return f"WHERE t.domain_id = %s AND {condition.sql}", (domain, *parameters)

    def _one(self, table: Table, sql: str, row_id: str, extra: tuple[str, ...]) -> Row:
        if parse_id(row_id) is None:
            raise MissingError(row_id)
        rows = self._rows(table, sql, (self.dialect.id(self.tenant.id), self.dialect.id(row_id)), extra)
        if not rows:
            raise MissingError(row_id)
        return rows[0]

    def _rows(self, table: Table, sql: str, parameters: tuple[Any, ...], extra: tuple[str, ...]) -> list[Row]:
        names = statements.read_columns(table, *extra)
        return [dict(zip(names, row, strict=True)) for row in self.dialect.run(sql, parameters)]

    def _value(self, sql: str, parameters: tuple[Any, ...]) -> Any:
        rows = self.dialect.run(sql, parameters)
        return rows[0][0] if rows else None

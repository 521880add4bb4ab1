"""SQLite's dialect: a statement is a call inside the process."""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from securelogin.directory.dialect.base import Demand, Statement


class SQLite:
    lock = lock_to_delete = share = ""  # its transactions are IMMEDIATE: one writer at a time
    counter_slots = 1
    id_parameter = "%s"
    reads_ahead = False  # a statement is a call inside the process, and it knows no LATERAL
    element_position = "e.key"

    def id(self, value: UUID | str) -> str:
        return str(value).replace("-", "")

    def ids(self, values: Iterable[UUID | str]) -> str:
        return json.dumps([self.id(value) for value in values])

    def moment(self, value: datetime) -> str:
        return str(value.astimezone(UTC).replace(tzinfo=None))

    def read_moment(self, value: Any) -> datetime:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

    def id_text(self, x: str) -> str:
        pieces = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        return "(" + "||'-'||".join(f"substr({x},{start},{length})" for start, length in pieces) + ")"

    def any_of(self, x: str) -> str:
        return f"{x} IN (SELECT value FROM json_each(%s))"

    def among(self, x: str) -> str:
        return self.any_of(x)

    def each_id(self) -> str:
        return "(SELECT value AS id FROM json_each(%s)) AS each"

    def json(self) -> str:
        return "%s"

    def json_text(self, x: str) -> str:
        return x

    def member(self, x: str, path: Sequence[str]) -> str:
        return f"json_extract({x}, '$" + "".join(f'."{name}"' for name in path) + "')"

    def inner(self, x: str, name: str) -> str:
        return f"json_extract({x}, '$.\"{name}\"')"

    def elements(self, x: str, name: str) -> str:
        return f"json_each({x}, '$.\"{name}\"') AS e"

    def element(self, member: str | None) -> str:
        return f"json_extract(e.value, '$.\"{member}\"')" if member else "e.value"

    def by_code_point(self, x: str) -> str:
        return x

    def starts(self, x: str) -> str:
        return f"instr({x}, %s) = 1"

    def ends(self, x: str) -> str:
        # The second placeholder keeps the number of parameters alike on both databases.
        return f"substr({x}, -length(%s)) = %s"

    def contains(self, x: str) -> str:
        return f"instr({x}, %s) > 0"

    def joined(self, x: str, source: str) -> str:
        return f"(SELECT group_concat({self.id_text('s.x')}, ',') FROM (SELECT {x} AS x {source} ORDER BY {x}) s)"

    def pairs(self, x: str, y: str, source: str) -> str:
        ordered = f"(SELECT {x} AS x, {y} AS y {source} ORDER BY {x}) s"
        return f"(SELECT json_group_array(json_array({self.id_text('s.x')}, s.y)) FROM {ordered})"

    def rows(self, columns: Sequence[str], source: str) -> str:
        return f"(SELECT json_group_array(json_array({', '.join(columns)})) {source})"

    def records(self, table: str, columns: str) -> None:
        """It takes values as they are: nothing leaves the process."""

    def run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def together(self, statements: Sequence[Statement]) -> None:
        """Run them one after another: each is a call inside this process, within one transaction."""
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.sql, statement.parameters)

    def demanding(self, demands: Sequence[Demand], statements: Sequence[Statement]) -> None:
        """As `together`, behind the demands; the transaction around them undoes what came before a refusal."""
        with connection.cursor() as cursor:
            for demand in demands:
                cursor.execute(demand.statement.sql, demand.statement.parameters)
                if cursor.rowcount < demand.rows:
                    raise demand.refusal
        self.together(statements)

    def alone(self) -> AbstractContextManager[None]:
        return transaction.atomic()

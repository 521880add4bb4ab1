"""PostgreSQL's dialect: a server, so what counts is the number of round trips."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, connection, transaction

from securelogin.directory.dialect.base import Demand, Statement

# What fails where fewer rows were found than were asked for, and PostgreSQL's code for that failure: a division by
# zero, a logarithm of zero.
_REFUSING = (("1 / (count(*) / %s::bigint)", "22012"), ("ln(count(*) / %s::bigint)", "2201E"))


class PostgreSQL:
    lock = " FOR NO KEY UPDATE"
    lock_to_delete = " FOR UPDATE"
    share = " FOR KEY SHARE"
    counter_slots = 16
    id_parameter = "%s::uuid"
    reads_ahead = True
    element_position = "e.position"

    def id(self, value: UUID | str) -> str:
        return str(value)

    def ids(self, values: Iterable[UUID | str]) -> list[str]:
        return [str(value) for value in values]

    def moment(self, value: datetime) -> datetime:
        return value

    def read_moment(self, value: datetime) -> datetime:
        return value

    def id_text(self, x: str) -> str:
        return f"{x}::text"

    def any_of(self, x: str) -> str:
        return f"{x} = ANY(%s::uuid[])"

    def among(self, x: str) -> str:
        # Behind a SELECT the planner does not see how many they are, or it would plan anew each time.
        return f"{x} IN (SELECT unnest((SELECT %s::uuid[])))"

    def each_id(self) -> str:
        return "unnest(%s::uuid[]) AS each(id)"

    def json(self) -> str:
        return "%s::jsonb"

    def json_text(self, x: str) -> str:
        return f"{x}::text"

    def member(self, x: str, path: Sequence[str]) -> str:
        *parents, last = path
        return x + "".join(f"->'{name}'" for name in parents) + f"->>'{last}'"

    def inner(self, x: str, name: str) -> str:
        return f"({x}->'{name}')"

    def elements(self, x: str, name: str) -> str:
        # Anything but an array has no elements; jsonb_array_elements would fail on it.
        array = f"{x}->'{name}'"
        array = f"CASE WHEN jsonb_typeof({array}) = 'array' THEN {array} ELSE '[]'::jsonb END"
        return f"jsonb_array_elements({array}) WITH ORDINALITY AS e(value, position)"

    def element(self, member: str | None) -> str:
        return f"e.value->>'{member}'" if member else "e.value#>>'{}'"

    def by_code_point(self, x: str) -> str:
        return f'({x}) COLLATE "C"'

    def starts(self, x: str) -> str:
        return f"starts_with({x}, %s)"

    def ends(self, x: str) -> str:
        return f"right({x}, length(%s)) = %s"

    def contains(self, x: str) -> str:
        return f"strpos({x}, %s) > 0"

    def joined(self, x: str, source: str) -> str:
        return f"(SELECT string_agg(s.x::text, ',') FROM (SELECT {x} AS x {source} ORDER BY {x}) s)"

    def pairs(self, x: str, y: str, source: str) -> str:
        return f"(SELECT json_agg(json_build_array({x}::text, {y}) ORDER BY {x})::text {source})"

    def rows(self, columns: Sequence[str], source: str) -> str:
        return f"(SELECT json_agg(json_build_array({', '.join(columns)}))::text {source})"

    def records(self, table: str, columns: str) -> str:
        """Return the rows of a table that one parameter holds as JSON.

        It is bound in half the time of a parameter for each value, and the statement is alike for any number of rows:
        the driver prepares it, and keeps no statement of more than fifty parameters.
        """
        return f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"

    def run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        wrapper: Any = connection  # our own backend (securelogin/postgresql)
        rows: list[tuple[Any, ...]] = wrapper.run(sql, parameters)
        return rows

    def together(self, statements: Sequence[Statement]) -> None:
        """Run independent writes as one statement: one round trip, whatever their number."""
        *first, last = statements
        parts = ", ".join(f"s{number} AS ({statement.sql})" for number, statement in enumerate(first))
        sql = f"WITH {parts} {last.sql}" if parts else last.sql
        self.run(sql, [parameter for statement in statements for parameter in statement.parameters])

    def demanding(self, demands: Sequence[Demand], statements: Sequence[Statement]) -> None:
        """As `together`, for writes that follow from one demand or two, which lock their rows in their order."""
        # Failing arithmetic is how a statement can refuse itself; by its kind one sees which demand was not met.
        refusing = (
            f"(SELECT {sums} FROM s{len(statements) + number})"
            for number, (sums, _state) in enumerate(_REFUSING[: len(demands)])
        )
        verdict = Statement(f"SELECT {', '.join(refusing)}", tuple(each.rows for each in demands))
        found = [Statement(f"{each.statement.sql} RETURNING 1", each.statement.parameters) for each in demands]
        try:
            self.together([*statements, *found, verdict])
        except DataError as error:
            for (_sums, state), demand in zip(_REFUSING, demands, strict=False):
                if getattr(error.__cause__, "sqlstate", None) == state:
                    raise demand.refusal from error
            raise

    def alone(self) -> AbstractContextManager[None]:
        """Return the transaction of one call of `together`: a statement is one by itself, without BEGIN and COMMIT."""
        # Within another transaction, a failure must leave that one usable.
        return transaction.atomic() if connection.in_atomic_block else nullcontext()

"""Where SQLite and PostgreSQL spell the same thing differently: one class each, and nothing else knows which."""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.db import DataError, connection, transaction

from securelogin.directory.errors import DirectoryError


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and its parameters, in the order of its placeholders (%s)."""

    sql: str
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """A write that has to find its row, or nothing at all is written and the refusal is raised."""

    statement: Statement
    refusal: DirectoryError


class Dialect(Protocol):
    """What a statement may ask of its database, and how it is run. `x` is always trusted SQL, never a client's text."""

    def __hash__(self) -> int: ...

    lock: str  # appended to a SELECT: this row is about to change
    lock_to_delete: str
    share: str  # appended to a SELECT: these rows must stay until the transaction ends
    counter_slots: int
    reads_ahead: bool  # a row read together with another statement saves a round trip
    element_position: str  # of the alias `e` that `elements` makes
    id_parameter: str  # a placeholder for an id where the database cannot tell its type from the place it stands

    def id(self, value: UUID | str) -> Any: ...
    def ids(self, values: Iterable[UUID | str]) -> Any: ...
    def moment(self, value: datetime) -> Any: ...
    def read_moment(self, value: Any) -> datetime: ...
    def id_text(self, x: str) -> str: ...
    def any_of(self, x: str) -> str: ...
    def each_id(self) -> str: ...
    def json(self) -> str: ...
    def json_text(self, x: str) -> str: ...
    def member(self, x: str, path: Sequence[str]) -> str: ...
    def inner(self, x: str, name: str) -> str: ...
    def elements(self, x: str, name: str) -> str: ...
    def element(self, member: str | None) -> str: ...
    def by_code_point(self, x: str) -> str: ...
    def starts(self, x: str) -> str: ...
    def ends(self, x: str) -> str: ...
    def contains(self, x: str) -> str: ...
    def joined(self, x: str, source: str) -> str: ...
    def pairs(self, x: str, y: str, source: str) -> str: ...
    def rows(self, columns: Sequence[str], source: str) -> str: ...
    def records(self, table: str, columns: str) -> str | None: ...
    def run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]: ...
    def together(self, statements: Sequence[Statement]) -> None: ...
    def demanding(self, demands: Sequence[Demand], statements: Sequence[Statement]) -> None: ...
    def alone(self) -> AbstractContextManager[None]: ...


# What fails for no row at all, and PostgreSQL's code for that failure: a division by zero, a logarithm of zero.
_REFUSING = (("1 / ", "22012"), ("ln", "2201E"))


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
        found = [Statement(f"{each.statement.sql} RETURNING 1", each.statement.parameters) for each in demands]
        # Failing arithmetic is how a statement can refuse itself; by its kind one sees which demand was not met.
        refusing = (
            f"{sums}((SELECT count(*) FROM s{len(statements) + number}))"
            for number, (sums, _state) in enumerate(_REFUSING[: len(demands)])
        )
        try:
            self.together([*statements, *found, Statement(f"SELECT {', '.join(refusing)}")])
        except DataError as error:
            for (_sums, state), demand in zip(_REFUSING, demands, strict=False):
                if getattr(error.__cause__, "sqlstate", None) == state:
                    raise demand.refusal from error
            raise

    def alone(self) -> AbstractContextManager[None]:
        """Return the transaction of one call of `together`: a statement is one by itself, without BEGIN and COMMIT."""
        # Within another transaction, a failure must leave that one usable.
        return transaction.atomic() if connection.in_atomic_block else nullcontext()


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
                if not cursor.rowcount:
                    raise demand.refusal
        self.together(statements)

    def alone(self) -> AbstractContextManager[None]:
        return transaction.atomic()


_DIALECTS: dict[str, Dialect] = {"postgresql": PostgreSQL(), "sqlite": SQLite()}


@cache
def current() -> Dialect:
    """Return the dialect of the database in use, which is one for the life of a process."""
    return _DIALECTS[connection.vendor]

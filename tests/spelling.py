"""SQL that makes rows by their number, in the words of both databases. Times are in milliseconds."""

from typing import Any
from uuid import UUID

from django.db import connection, models

Statement = tuple[str, list[Any]]


def rows_of(row: models.Model, count: int, source: str = "", **differing: str) -> Statement:
    """Return the statement that inserts a row so often; `i` goes from 1 to `count` in the columns that differ."""
    fields = [field for field in row._meta.concrete_fields if field.column not in differing]  # Django documents it
    alike = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    columns = ", ".join(f'"{name}"' for name in [*(field.column for field in fields), *differing])
    chosen = ", ".join([*map(_parameter, fields), *(sql.replace("%", "%%") for sql in differing.values())])
    numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    table = row._meta.db_table  # as above
    source = source.replace("%", "%%")
    return f"INSERT INTO {table} ({columns}) {numbers} SELECT {chosen} FROM n {source}", [count, *alike]  # noqa: S608  # no client's text


def _parameter(field: Any) -> str:
    # PostgreSQL does not look at the column to tell the type of a parameter in a SELECT.
    return f"CAST(%s AS {field.rel_db_type(connection)})" if connection.vendor == "postgresql" else "%s"


def uuid_at(at: str, mark: int, number: int) -> UUID:
    return UUID(f"{int(at):012x}7{mark:03x}8000{number:012x}")


def id_at(at: str, mark: int, number: str) -> str:
    """Return the expression for what `uuid_at` returns."""
    between = f"7{mark:03x}8000"
    if connection.vendor == "postgresql":
        return f"(lpad(to_hex({at}), 12, '0') || '{between}' || lpad(to_hex({number}), 12, '0'))::uuid"
    return f"printf('%012x{between}%012x', {at}, {number})"


def literal(value: UUID) -> str:
    return f"'{value}'::uuid" if connection.vendor == "postgresql" else f"'{value.hex}'"


def moment(at: str) -> str:
    if connection.vendor == "postgresql":
        return f"to_timestamp({at} / 1000.0)"
    return f"strftime('%Y-%m-%d %H:%M:%f', {at} / 1000.0, 'unixepoch')"


def digits(number: str) -> str:
    return f"lpad({number}::text, 6, '0')" if connection.vendor == "postgresql" else f"printf('%06d', {number})"


def as_json(text: str) -> str:
    return f"CAST({text} AS jsonb)" if connection.vendor == "postgresql" else text

"""What SQLite's planner is told of our tables. PostgreSQL looks for itself; SQLite knows nothing unless it is told, and
then prefers an index that spares a sort to the one that finds the row: it would walk through a whole domain.

Told once, when the tables are made or changed, and not measured: so a plan is the same on the first day and on the
thousandth. SQLite documents that its statistics may be written so (https://www.sqlite.org/optoverview.html, "Manual
Control Of Query Plans Using SQLITE_STAT Tables").
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

# What grows without end, and all else; in ten domains.
_GROWING = ("directory_user", "directory_userlookup", "directory_membership", "directory_change", "directory_mention")
_MANY, _FEW, _DOMAINS = 1_000_000, 1_000, 10
# A partial index holds one row in a hundred, but for this one, which holds others of them too.
_HELD, _LARGER = 100, {"entry_of_note": 10}
# Rows alike in their first columns, and in all.
_ALIKE, _NEARLY_ONE = 100, 10

_INDEXES = """
    SELECT t.name, i.name, i."unique", i.partial, (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c)
    FROM sqlite_schema t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%%'
"""


def tell_planner(**_of_the_signal: Any) -> None:
    """Write how many rows each index has for a value of its first column, of its first two, and so on."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")  # makes the table where it is missing
        cursor.execute(_INDEXES, ())
        told = list(_statistics(cursor.fetchall()))
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", told)
        cursor.execute("ANALYZE sqlite_schema")  # has this connection read them, too


def _statistics(indexes: list[tuple[str, str, int, int, str]]) -> Iterator[tuple[str, str, str]]:
    for table, index, is_unique, is_partial, columns in indexes:
        rows = _MANY if table in _GROWING or table.startswith("logbook_") else _FEW
        rows //= _LARGER.get(index, _HELD) if is_partial else 1
        figures = [rows, *_figures(rows, columns.split(","), is_unique=bool(is_unique))]
        yield table, index, " ".join(map(str, figures))


def _figures(rows: int, columns: list[str], *, is_unique: bool) -> Iterator[int]:
    for place, column in enumerate(columns, start=1):
        is_one = column == "id" or (is_unique and place == len(columns))
        if is_one:
            rows = 1
        elif column == "domain_id":
            rows //= _DOMAINS
        else:
            rows = min(rows, _NEARLY_ONE if place == len(columns) else _ALIKE)
        yield max(1, rows)

"""How the database would answer a statement: its plan, and the steps of it that look at all rows of a large table."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

_HUGE = "directory_(?:user|userlookup|membership|change|mention|held)|logbook_(?:entry|transcript)"
_BIG = f"{_HUGE}|directory_(?:group|tombstone)"
_NAMED = re.compile(rf'"?\b({_HUGE})\b"?(?:\s+(?:AS\s+)?"?(\w+)"?)?', re.IGNORECASE)
_BEYOND_THE_DOMAIN = re.compile(r"\((?!domain_id\b)\w*\.?\w+\)?(::text\))? (=|<|>|<=|>=|IS NULL)")
_COUNTS = re.compile(
    rf'\bCOUNT\((?:(?!\bLIMIT\b).)*FROM "?(?:{_HUGE})\b(?:(?!\bLIMIT\b).)*$', re.IGNORECASE | re.DOTALL
)


def analyze(how: str = "ANALYZE") -> None:
    """Let PostgreSQL look at what its tables hold by now, as it does by itself in production. SQLite does not, and
    plans without knowing.

    At our tables alone: to look at all, PostgreSQL also locks those that its databases share, and test runs would wait
    for each other until their transactions end.
    """
    if connection.vendor == "postgresql":
        tables = {model._meta.db_table for model in apps.get_models()}
        with connection.cursor() as cursor:
            cursor.execute(f"{how} {', '.join(sorted(tables))}")


def explained(sql: str) -> list[str]:
    """Return the steps of the plan, inside a transaction.

    PostgreSQL weighs reading all of a table against an index by their pages. A test's tables have few, and their
    indexes as many more as other tests left behind; so a page of an index costs here what one in memory does, as nearly
    all are in production.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL random_page_cost = 1.1")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def walks_of(sql: str) -> list[str]:
    """Return what makes a statement a walk through what grows without end: counts of it, and steps over all of it.

    Groups and the trash are not of that kind: of some hundreds a database may well sort all.
    """
    if not re.match(r"\s*(SELECT|WITH)\b", sql, re.IGNORECASE):
        return []
    counts = ["counts all rows"] if _COUNTS.search(sql) else []
    names = {name for found in _NAMED.findall(sql) for name in found if name}
    is_whole = not re.search(r"\bLIMIT\b", sql)
    return [*counts, *(_walks(explained(sql), "|".join(map(re.escape, names)), is_whole=is_whole) if names else [])]


def walks(plan: list[str]) -> list[str]:
    """Return the steps that look at all rows of a domain: those of no index, and those that must all be sorted.

    A page may read a domain in the order of an index, as it stops after fifty.
    """
    return _walks(plan, f"{_BIG}|[UV]0", is_whole=False)


def _walks(plan: list[str], names: str, *, is_whole: bool) -> list[str]:
    """As `walks`, of the tables that the statement knows by these names; it reads all that it finds if `is_whole`."""
    is_whole = is_whole or any("USE TEMP B-TREE FOR ORDER BY" in step or re.search(r"\bSort\b", step) for step in plan)
    if connection.vendor == "sqlite":
        steps = [step for step in plan if re.match(rf"(SCAN|SEARCH) ({names})\b", step)]
        return [step for step in steps if step.startswith("SCAN") or (is_whole and step.endswith("(domain_id=?)"))]
    following = [*plan[1:], ""]
    scans = [(s, below) for s, below in zip(plan, following, strict=True) if re.search(rf"Scan .*on ({names})\b", s)]
    return [
        step
        for step, below in scans
        if "Seq Scan" in step or (is_whole and "Bitmap Heap" not in step and not _BEYOND_THE_DOMAIN.search(below))
    ]


def rows_touched(sql: str) -> int:
    """Let PostgreSQL run a statement, and return how many rows its busiest step looked at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    plan = found if isinstance(found, list) else json.loads(found)
    return max(_touched(plan[0]["Plan"]))


def _touched(node: dict[str, Any]) -> Iterator[int]:
    passed_over = sum(count for name, count in node.items() if name.startswith("Rows Removed by"))
    yield int((node["Actual Rows"] + passed_over) * node["Actual Loops"])
    for part in node.get("Plans", ()):
        yield from _touched(part)

"""Look into an installation's own database: whether what it keeps is whole, whatever was done to it over HTTP."""

import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any
from uuid import UUID

import orjson
import psycopg

# Each finds what must not be.
DAMAGES = {
    "members who are nobody": (
        "SELECT m.group_id, m.user_id FROM directory_membership m"
        " LEFT JOIN directory_user u ON u.id = m.user_id AND u.domain_id = m.domain_id"
        " LEFT JOIN directory_group g ON g.id = m.group_id AND g.domain_id = m.domain_id"
        " WHERE u.id IS NULL OR g.id IS NULL"
    ),
    "members who are there twice": (
        "SELECT group_id, user_id FROM directory_membership GROUP BY group_id, user_id HAVING count(*) > 1"
    ),
    "names that are there twice": (
        "SELECT domain_id, user_name_key FROM directory_user GROUP BY domain_id, user_name_key HAVING count(*) > 1"
        " UNION ALL SELECT domain_id, display_name_key FROM directory_group"
        " GROUP BY domain_id, display_name_key HAVING count(*) > 1"
    ),
    "counters that are wrong": (
        "SELECT d.name, t.kind, t.truth, coalesce(c.total, 0) FROM directory_domain d"
        " JOIN (SELECT id AS domain_id, 'User' AS kind,"
        "  (SELECT count(*) FROM directory_user u WHERE u.domain_id = x.id) AS truth FROM directory_domain x"
        "  UNION ALL SELECT id, 'Group', (SELECT count(*) FROM directory_group g WHERE g.domain_id = y.id)"
        "  FROM directory_domain y) t ON t.domain_id = d.id"
        " LEFT JOIN (SELECT domain_id, counted, sum(value) AS total"
        "  FROM directory_counter GROUP BY domain_id, counted) c ON c.domain_id = d.id AND c.counted = t.kind"
        " WHERE d.kind = 'tenant' AND t.truth <> coalesce(c.total, 0)"
    ),
    "mentions of a change that is not there": (
        "SELECT m.change_id, m.subject_id FROM directory_mention m"
        " LEFT JOIN directory_change c ON c.id = m.change_id AND c.domain_id = m.domain_id WHERE c.id IS NULL"
    ),
    "changes without their line in the logbook": (
        "SELECT c.subject_label FROM directory_change c LEFT JOIN logbook_entry e ON e.id = {request}"
        " WHERE c.request_id <> '' AND e.id IS NULL"
    ),
}
# As the logbook's key is stored, so that it is found by its index.
_REQUEST = {"postgresql": "nullif(c.request_id, '')::uuid", "sqlite": "replace(c.request_id, '-', '')"}
_JOURNAL = "SELECT subject_type, subject_id, verb, before, after FROM directory_change ORDER BY at"


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            return connection.execute(sql).fetchall()
    with psycopg.connect(url) as server:
        return server.execute(sql.encode()).fetchall()


def assert_whole(url: str) -> None:
    """Hold the database against itself: members, names, counters, journal and logbook."""
    request = _REQUEST[url.partition(":")[0]]
    for damage, sql in DAMAGES.items():
        found = rows(url, sql.replace("{request}", request))
        assert not found, (damage, found[:5])


def journalled_members(url: str, group: str) -> Counter[str]:
    """Return who is in a group according to the journal: how often each came, less how often she went."""
    members: Counter[str] = Counter()
    for kind, subject, verb, before, after in rows(url, _JOURNAL):
        subject_id = str(UUID(str(subject)))
        if kind == "Group" and subject_id == group:
            members.update(_document(after).get("members", []))
            members.subtract(_document(before).get("members", []))
        if kind == "User" and verb == "delete" and group in _document(before).get("groups", []):
            members.subtract([subject_id])
    return +members


def _document(value: Any) -> dict[str, Any]:
    document: dict[str, Any] = value if isinstance(value, dict) else orjson.loads(value)
    return document

"""The only writer of the journal: what one request changed of one resource, in the transaction that changes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.dialect import Dialect, Statement
from securelogin.directory.ids import uuid7
from securelogin.directory.statements import Row, Table, insert, mention


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one resource: the attributes that differ, before and after, and who else was touched by it."""

    verb: str  # "create", "update", "delete", "restore" or "purge"
    subject_type: str
    subject_id: str
    subject_label: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    touched: Iterable[str] = ()

    @property
    def outcome(self) -> str:
        """What it did, in the logbook's words."""
        if self.verb == "update" and "active" in self.after:
            return "enabled" if self.after["active"] else "disabled"
        return {"create": "created", "update": "changed", "delete": "removed", "restore": "restored"}[self.verb]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who did it, in which domain, on whose request and when."""

    tenant: Tenant
    actor: Actor
    request_id: str
    at: datetime


def created(table: Table, row: Row, members: Sequence[str]) -> Happening:
    """Return what the journal keeps of a new row, with the members it came with."""
    after = _whole(table, row) | ({"members": list(members)} if members else {})
    return Happening("create", table.name, row["id"], row[table.label], after=after, touched=members)


def updated(table: Table, row: Row, after: Row, added: Sequence[str], removed: Sequence[str]) -> Happening:
    """Return what the journal keeps of a change: what differs, before and after, and who came and went."""
    differing = [pair for pair in _pairs(table, row, after) if pair[1] != pair[2]]
    if not differing:
        # What the kernel alone sets is told where nothing else differs: then somebody ended the person's sessions.
        differing = [(name, row[name], after[name]) for name in table.internal if row[name] != after[name]]
    before_map = {name: old for name, old, _ in differing}
    after_map = {name: new for name, _, new in differing}
    if added or removed:
        before_map["members"], after_map["members"] = list(removed), list(added)
    return Happening("update", table.name, row["id"], after[table.label], before_map, after_map, {*removed, *added})


def _pairs(table: Table, row: Row, after: Row) -> list[tuple[str, Any, Any]]:
    """Return each attribute with its old value and its new one. JSON is read only if its text differs."""
    pairs = [(name, row[name], after[name]) for name in table.columns]
    if row["attributes"] != after["attributes"]:
        old, new = attributes(row), attributes(after)
        pairs += [(name, old.get(name), new.get(name)) for name in old | new]
    return pairs


def deleted(table: Table, row: Row, left: Sequence[str]) -> Happening:
    """Return what the journal keeps of a row that is gone, with the memberships that went with it."""
    before = _whole(table, row) | ({table.related: list(left)} if left else {})
    return Happening("delete", table.name, row["id"], row[table.label], before=before, touched=left)


def _whole(table: Table, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in table.columns if row[name] is not None} | attributes(row)


def attributes(row: Row) -> dict[str, Any]:
    """Return the JSON part of a row."""
    part: dict[str, Any] = orjson.loads(row["attributes"])
    return part


def statements(occasion: Occasion, happening: Happening, dialect: Dialect) -> list[Statement]:
    """Return the writes that record it: one Change, and a narrow row for every resource touched beside the subject."""
    change_id = uuid7()
    change = {
        "id": change_id,
        "domain_id": occasion.tenant.id,
        "at": occasion.at,
        "request_id": occasion.request_id,
        "actor_kind": occasion.actor.kind,
        "actor_id": occasion.actor.id,
        "actor_label": occasion.actor.label,
        "verb": happening.verb,
        "subject_type": happening.subject_type,
        "subject_id": UUID(happening.subject_id),
        "subject_label": happening.subject_label,
        "before": dict(happening.before),
        "after": dict(happening.after),
    }
    writes = [insert("directory_change", change, dialect)]
    touched = list(happening.touched)
    if touched:
        writes.append(mention(occasion.tenant.id, change_id, touched, dialect))
    return writes

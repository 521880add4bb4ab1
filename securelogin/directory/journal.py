"""The only writer of the journal: what one request changed of one resource, in the transaction that changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.dialect import Dialect, Statement
from securelogin.directory.ids import uuid7
from securelogin.directory.statements import insert, mention


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one resource: the attributes that differ, before and after, and who else was touched by it."""

    verb: str  # "create", "update", "delete" or "restore"
    subject_type: str
    subject_id: str
    subject_label: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    touched: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who did it, in which domain, on whose request and when."""

    tenant: Tenant
    actor: Actor
    request_id: str
    at: datetime


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
        # A deferred foreign key lets the narrow rows go in with the change they point to, in one statement.
        writes.append(mention(occasion.tenant.id, change_id, touched, dialect))
    return writes

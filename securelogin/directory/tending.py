"""What managers do to people whom Entra provisions: end their sessions, and take what was deleted away for good."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from securelogin.directory import journal, statements
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.errors import MissingError
from securelogin.directory.journal import Happening, Occasion
from securelogin.directory.keys import Values
from securelogin.directory.models import Tombstone
from securelogin.directory.retry import repeated
from securelogin.logbook import writer


@repeated
def end_sessions(directory: Directory, user_id: UUID | str) -> None:
    """End all that somebody holds: sessions, parked sign-ins and codes not redeemed. Raises MissingError."""
    with directory.held(USERS, str(user_id), locked=False) as row:
        directory.update(USERS, row, Values({"session_epoch": row["session_epoch"] + 1}))


@transaction.atomic
def purge(directory: Directory, tombstone_id: UUID) -> None:
    """Delete for good what was deleted, before its time; it cannot be brought back. Raises MissingError.

    The journal keeps what it was: clearing a person's name from there too is forgetting.py.
    """
    tombstone = Tombstone.objects.filter(domain_id=directory.tenant.id, id=tombstone_id).first()
    if tombstone is None or not tombstone.delete()[0]:
        raise MissingError(tombstone_id)
    exchange, dialect = directory.exchange, directory.dialect
    happening = Happening("purge", tombstone.subject_type, str(tombstone_id), tombstone.label)
    occasion = Occasion(directory.tenant, directory.actor, str(exchange.id) if exchange else "", datetime.now(UTC))
    writes = journal.statements(occasion, happening, dialect)
    if exchange:
        exchange.about(happening.subject_type, happening.subject_id, happening.subject_label)
        exchange.changed = True
        writes.append(statements.insert("logbook_entry", writer.values(exchange), dialect))
    dialect.together(writes)

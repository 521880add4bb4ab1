"""Housekeeping's own line in the logbook: that it ran, when, and what it found to do."""

from collections.abc import Mapping
from uuid import UUID

from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry

UPKEEP = "upkeep"
# What anybody can write without a token is kept a short while only, or strangers could fill the disk.
STRANGERS_DAYS = 7


def note_upkeep(entry_id: UUID, domain_id: UUID, done: Mapping[str, str]) -> None:
    """Leave the line, in the logbook of the operators' domain."""
    exchange = Exchange(entry_id, "", "manage.py housekeeping", domain_id=domain_id, actor_label="Housekeeping")
    exchange.about(UPKEEP, domain_id, "Housekeeping")
    found = [f"{name.replace('_', ' ')}: {count}" for name, count in done.items() if count != "0"]
    for sentence in found[:20] or ["There was nothing to do."]:
        exchange.warn(sentence)
    writer.record(exchange)


def last_upkeep(domain_id: UUID) -> Entry | None:
    """Return the newest such line."""
    rows = Entry.objects.filter(domain_id=domain_id, subject_id__isnull=False, subject_id=domain_id)
    return rows.filter(subject_type=UPKEEP).order_by("-id").first()

"""The logbook: one line for every request and refusal, what was said in some of them, and Entra's cycles. It knows
nobody: whoever it names, it names by plain values.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from securelogin.logbook.asking import WITH_WARNINGS

# These are asked for by the conditions of asking.py.
_OF_NOTE = Q(changed=True) | Q(status__gte=400)


class Entry(models.Model):
    """One request as the provisioning log shows it. Its id is the request's id, sent back as `X-Request-Id`."""

    id = models.UUIDField(primary_key=True, editable=False)
    domain_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    connection_id = models.UUIDField(null=True)
    actor_label = models.TextField(blank=True)
    method = models.CharField(max_length=10)
    path = models.TextField()
    query = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()
    error_id = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    warnings: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    subject_type = models.CharField(max_length=10, blank=True)
    subject_id = models.UUIDField(null=True)
    subject_label = models.TextField(blank=True)
    changed = models.BooleanField(default=False)
    # "created", "changed", "enabled", "disabled", "removed", "restored", or "managed": a connection, a setting, a role.
    outcome = models.CharField(max_length=10, blank=True, db_default="")

    class Meta:
        # The partial ones hold no line of a read that went well, so that such a line costs what it always did.
        indexes = [
            models.Index(name="entry_by_domain", fields=["domain_id", "id"]),
            models.Index(name="entry_by_age", fields=["at"]),
            # Whole, as a connection that speaks once a day is looked for among the reads of all others too.
            models.Index(name="entry_by_connection", fields=["domain_id", "connection_id", "id"]),
            models.Index(name="entry_failed", fields=["domain_id", "id"], condition=Q(status__gte=400)),
            models.Index(name="entry_of_note", fields=["domain_id", "id"], condition=_OF_NOTE),
            models.Index(name="entry_by_outcome", fields=["domain_id", "outcome", "id"], condition=~Q(outcome="")),
            models.Index(name="entry_by_error", fields=["domain_id", "error_id", "id"], condition=~Q(error_id="")),
            models.Index(name="entry_warned", fields=["domain_id", "id"], condition=WITH_WARNINGS),
            models.Index(
                name="entry_by_subject",
                fields=["domain_id", "subject_id", "id"],
                condition=Q(subject_id__isnull=False),
            ),
        ]


class Transcript(models.Model):
    """What was said in a request that wrote or was refused: without secrets, cut short, and only where the domain is
    known. Reads that went well have none.

    It is written in batches, after the line and apart from the change: evidence, which a crash may cost.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="transcript"
    )
    request = models.TextField(blank=True)
    response = models.TextField(blank=True)
    checks: "models.JSONField[Any, Any]" = models.JSONField(default=list)


class Cycle(models.Model):
    """One run of Entra's sync over one connection, as scim/cycles.py counts it. Its id is that of its first line."""

    id = models.UUIDField(primary_key=True, editable=False)
    domain_id = models.UUIDField()
    connection_id = models.UUIDField()
    began = models.DateTimeField()
    ended = models.DateTimeField()  # its last line, so far
    calls = models.PositiveIntegerField(default=0)
    probes = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    disabled = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)  # of those that failed: for their credential

    class Meta:
        indexes = [models.Index(name="cycle_by_domain", fields=["domain_id", "id"])]


class Bookmark(models.Model):
    """Up to which line a domain's cycles have been counted."""

    domain_id = models.UUIDField(primary_key=True, editable=False)
    entry_id = models.UUIDField()

"""The logbook: one line for every request and every refusal. It knows nobody: whoever it names, it names by plain
values.
"""

from typing import Any

from django.db import models


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

    class Meta:
        indexes = [
            models.Index(name="entry_by_domain", fields=["domain_id", "id"]),
            models.Index(name="entry_by_age", fields=["at"]),
            models.Index(name="entry_failed", fields=["domain_id", "id"], condition=models.Q(status__gte=400)),
        ]

"""Deleting in small transactions, so that nobody who writes meanwhile waits long; a whole domain too, once it has had
its delay.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from oauth.models import Connection
from securelogin.directory.models import (
    Change,
    Counter,
    Domain,
    Group,
    Membership,
    Mention,
    Tombstone,
    User,
    UserLookup,
)
from securelogin.logbook.models import Bookmark, Cycle, Entry
from securelogin.signin.models import Invitation, ResetLink

BATCH = 1000
# What refers to something else comes before it; a membership is of a user and a group, a mention of a change.
_OF_A_DOMAIN = (
    Membership,
    UserLookup,
    Group,
    Invitation,
    ResetLink,
    User,
    Mention,
    Change,
    Tombstone,
    Counter,
    Entry,
    Cycle,
    Bookmark,
)


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete the rows, and what cannot be without them; return how many that were."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        _all, counts = rows.model.objects.filter(pk__in=keys).delete()
        deleted += counts.get(rows.model._meta.label, 0)  # noqa: SLF001  # what goes with a row is not counted
    return deleted


def purge_domains(now: datetime) -> int:
    """Delete the domains whose delay is over, with all they have; return how many. A run that is cut off is finished by
    the next one.
    """
    over = list(Domain.objects.filter(purge_after__lt=now, kind=Domain.Kind.TENANT))
    for domain in over:
        _purge(domain)
    return len(over)


def _purge(domain: Domain) -> None:
    for connection in Connection.objects.filter(domain=domain).select_related("application"):
        _end(connection)
    for model in _OF_A_DOMAIN:
        delete_in_batches(model._default_manager.filter(domain_id=domain.pk))  # noqa: SLF001  # a documented API of Django
    domain.delete()


def _end(connection: Connection) -> None:
    """Delete a connection with its tokens, keys and trust, and its own client: that of Authorize serves others."""
    application = connection.application
    with transaction.atomic():
        connection.revoke("Housekeeping")
        connection.delete()
        if application is not None and connection.kind in {Connection.Kind.CLIENT, Connection.Kind.FEDERATION}:
            application.delete()

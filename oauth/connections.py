"""The life of a connection: made when a code is issued, active once it is redeemed, replaced when another one is."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from oauth import trace
from oauth.models import AccessToken, Application, Connection
from oauth.tokens import digest, new_access_token
from securelogin.directory.models import Domain, User

logger = logging.getLogger(__name__)


def await_code(person: User, application: Application, scope: str, code: str, address: str) -> Connection:
    """Create the connection that a new authorization code leads to; it counts for nothing until that is redeemed."""
    return Connection.objects.create(
        kind=Connection.Kind.AUTHORIZE,
        domain=person.domain,
        application=application,
        name=application.name,
        state=Connection.State.PENDING,
        scope=scope,
        code_digest=digest(code),
        authorized_by=person,
        authorized_by_name=person.display_name or person.user_name,
        created_ip=address,
    )


def activate(connection: Connection) -> None:
    """Make the connection of a redeemed code the domain's, ending the one it replaces. Needs a transaction.

    Only now: an Authorize that never comes to its end must not cut a connection that works.
    """
    # Two codes redeemed at once take turns here, and the later one stays.
    Domain.objects.select_for_update(no_key=True).get(pk=connection.domain_id)
    replaced = Connection.objects.filter(
        kind=Connection.Kind.AUTHORIZE,
        domain=connection.domain_id,
        application=connection.application_id,
        state__in=[Connection.State.ACTIVE, Connection.State.PAUSED],
    )
    for previous in replaced:
        previous.revoke(connection.authorized_by_name)
        trace.changes(f"This ends connection {previous.pk}, which {previous.authorized_by_name} made.")
    Connection.objects.filter(pk=connection.pk).update(state=Connection.State.ACTIVE, redeemed=timezone.now())
    trace.changes("This connection is active now.")
    logger.info("Connection %s of %s is active", connection.pk, connection.domain.name)


def issue_token(
    domain: Domain, application: Application | None, actor_name: str, lifetime: timedelta, scopes: Iterable[str]
) -> tuple[Connection, str]:
    """Make a connection with one access token, and return both; the token cannot be read again."""
    scope, token = " ".join(scopes), new_access_token()
    with transaction.atomic():
        connection = Connection.objects.create(
            kind=Connection.Kind.CLIENT,
            domain=domain,
            application=application,
            name=application.name if application is not None else f"Token issued by {actor_name}",
            scope=scope,
            authorized_by_name=actor_name,
        )
        AccessToken.objects.create(
            connection=connection,
            application=application,
            token="",  # only the digest is kept
            token_checksum=digest(token),
            scope=scope,
            expires=timezone.now() + lifetime,
        )
    return connection, token


def forget_unredeemed() -> int:
    """Delete connections whose code ran out unused, and return how many those were; for housekeeping."""
    stale = Connection.objects.filter(state=Connection.State.PENDING, created__lt=timezone.now() - timedelta(hours=1))
    _, per_model = stale.delete()
    return per_model.get("oauth.Connection", 0)

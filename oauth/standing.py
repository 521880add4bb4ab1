"""What must hold for a token to be issued, asked again each time: of the code and its person, the connection, and the
domain. The validator raises from here.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from oauth import trace
from oauth.models import Application, Connection, Grant
from oauth.tokens import digest
from securelogin.directory.models import Domain
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import may

logger = logging.getLogger(__name__)

AUTHORIZE_AGAIN = "Sign in to Entra and press Authorize again."

# A client that lost our answer repeats its code at once; whoever comes later than this has found it somewhere.
_REPLAY_IS_THEFT_AFTER = timedelta(seconds=60)
# Who may write may read.
_CONTAINED = {"scim": {"scim", "scim:read"}, "scim:read": {"scim:read"}}
# By hand: clients with credentials of their own come back every hour, all at once, and the ORM would take longer to
# write this than the database to answer it.
_OWN = """
SELECT c.*, d.name AS domain_name, d.state AS domain_state
FROM oauth_connection c JOIN directory_domain d ON d.id = c.domain_id
WHERE c.application_id = %s AND c.kind IN ('client', 'federation')
"""


def locked(rows: QuerySet[Any]) -> Any:
    """Lock the code or token, after its connection, as revoking does; whoever comes second reads what the first left.

    Returns it with its connection and domain, or None.
    """
    if not database.in_atomic_block:
        raise TransactionManagementError("A token request must be one transaction: mount oauth.views.TokenView.")
    Connection.objects.select_for_update(no_key=True).filter(pk__in=rows.values("connection_id")).first()
    row = rows.select_related("connection__domain", "user__domain").select_for_update(of=("self",)).first()
    if row is not None:
        trace.concerns(row.connection)
    return row


def still_stands(grant: Grant) -> bool:
    """Tell whether the person, her role, the domain and the connection are what they were when the code was issued."""
    user = grant.user
    if user is None or not user.is_active or user.session_epoch != grant.session_epoch:
        return False
    if not may(user, Permission.CONNECT):
        return False
    connection = grant.connection
    return connection.state == Connection.State.PENDING and connection.domain.state == Domain.State.ACTIVE


def notice_replay(code: str, client: Application) -> None:
    """RFC 6749 §4.1.2: a code that is used again SHOULD end what was issued for it, unless it is a mere retry."""
    for connection in Connection.objects.filter(code_digest=digest(code), application=client, redeemed__isnull=False):
        logger.warning("Connection %s: its authorization code came back", connection.pk)
        trace.concerns(connection)
        if connection.redeemed is not None and connection.redeemed < timezone.now() - _REPLAY_IS_THEFT_AFTER:
            trace.changes("This connection has been ended, since its authorization code was used twice.")
            connection.revoke("an authorization code used twice")


def connection_of(client: Application, request: Request) -> Connection:
    """Return the one connection of a client with credentials of its own, if it may have a token.

    It is not locked: a token that slips in beside a revocation counts for nothing, since each use asks for the state
    of the connection, and a lock would make the calls of one client wait for each other. Raises InvalidGrantError.
    """
    connection = _own(client)
    if connection is not None and (connection.kind == Connection.Kind.FEDERATION) != request.is_asserted:
        raise errors.InvalidClientError(description=_OTHER_WAY, request=request)
    if connection is None:
        raise errors.InvalidGrantError(description=f"This client has no connection. {_MAKE_ONE}", request=request)
    trace.concerns(connection)
    check(connection, request)
    return connection


def check(connection: Connection, request: Request) -> None:
    """Raise InvalidGrantError (RFC 6749 §5.2) when the connection has been ended, or while the domain is suspended.

    While a connection is paused its tokens are renewed: a client that were refused here would give up, and not come
    back when it is resumed. Its SCIM requests are what is held up.
    """
    if connection.state == Connection.State.REVOKED:
        again = AUTHORIZE_AGAIN if connection.kind == Connection.Kind.AUTHORIZE else _MAKE_ONE
        raise errors.InvalidGrantError(description=f"This connection has been ended. {again}", request=request)
    if connection.domain.state != Domain.State.ACTIVE:
        raise errors.InvalidGrantError(description="This domain is suspended. Ask the operator.", request=request)


def covers(granted: str, asked: Iterable[str]) -> bool:
    """Tell whether these scopes are what was granted, or less."""
    allowed = set().union(*(_CONTAINED[scope] for scope in granted.split()))
    return allowed.issuperset(asked)


def note_stranger(client: Application | None) -> None:
    """Note a failed call in the logbook of the domain whose own client it names: its manager mistyped the secret, or
    left an old one in Entra.
    """
    connection = None if client is None else _own(client)
    if connection is not None:
        trace.concerns(connection)


def _own(client: Application) -> Connection | None:
    connection = next(iter(Connection.objects.raw(_OWN, [client.pk])), None)
    if connection is not None:
        extra = vars(connection)  # where Django puts what a statement selects beside the model's columns
        told = [connection.domain_id, extra["domain_name"], extra["domain_state"]]
        connection.domain = Domain.from_db(connection._state.db, ["id", "name", "state"], told)  # noqa: SLF001
    return connection


_OTHER_WAY = "This client shows who it is in the other way: with an assertion if it has a trust, else with a secret."
_MAKE_ONE = "Make a new one on the Connection page of your domain, or ask the operator."

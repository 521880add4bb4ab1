"""Bearer token → Credential, in one query (RFC 6750 §2.1). Django REST framework names this class in its settings.

Only the Authorization header is looked at: never the body, which an anonymous caller must not make us parse,
and never the query, where a token would end up in logs (RFC 9700 §4.3.2).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from oauth.models import Connection
from oauth.tokens import digest, is_access_token
from securelogin.directory.credential import Actor, Credential, Tenant

_TOUCH_EVERY = timedelta(minutes=5)

# By hand: this runs for every SCIM request, and the ORM would take longer to write it than the database to answer it.
# Nothing here is joined to the person who authorized: a connection outlives her.
_FIND = """
SELECT c.id, c.name, c.state, t.scope, d.id, d.name, d.state, d.schema_version,
       c.last_used IS NULL OR c.last_used < %s
FROM oauth_accesstoken t
JOIN oauth_connection c ON c.id = t.connection_id
JOIN directory_domain d ON d.id = c.domain_id
LEFT JOIN oauth_application a ON a.id = c.application_id
WHERE t.token_checksum = %s AND t.expires > %s AND c.state <> 'revoked' AND (a.id IS NULL OR a.is_active)
"""


class ConnectionPaused(APIException):
    """A manager has paused the connection. Entra retries a 503; a 401 or 403 would put its job in quarantine."""

    status_code = 503
    default_code = "connection_paused"
    default_detail = "A manager has paused this connection. Resume it on the Connection page of your domain."
    wait = 300  # Retry-After, in seconds


class BearerAuthentication(BaseAuthentication):
    """Answers `(credential, credential)`: the caller is a connection of one domain, not a person."""

    def authenticate(self, request: Request) -> tuple[Credential, Credential]:
        """Return the credential twice, as Django REST framework wants user and auth.

        Raises AuthenticationFailed with one sentence whatever is wrong with the token, PermissionDenied while the
        domain is suspended, and ConnectionPaused while the connection is paused.
        """
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        row = _find(token.strip()) if scheme.lower() == "bearer" else None
        if row is None:
            raise AuthenticationFailed(
                "The access token is missing, unknown or expired. Authorize again in Entra, or enter a new token."
            )
        credential = _admit(row)
        if row[8]:
            _touch(credential.connection_id)
        return credential, credential

    def authenticate_header(self, request: Request) -> str:
        """RFC 6750 §3: name the scheme, and the error only when a token was sent."""
        sent = "HTTP_AUTHORIZATION" in request.META
        return 'Bearer realm="scim"' + (', error="invalid_token"' if sent else "")


def _find(token: str) -> tuple[Any, ...] | None:
    if not is_access_token(token):
        return None
    now = timezone.now()
    with database.cursor() as cursor:
        cursor.execute(_FIND, [_stored(now - _TOUCH_EVERY), digest(token), _stored(now)])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _admit(row: tuple[Any, ...]) -> Credential:
    connection_id, name, state, scope, domain_id, domain_name, domain_state, schema_version, _ = row
    if domain_state != "active":
        raise PermissionDenied(f"The domain {domain_name} is suspended. Ask the operator of this service.")
    if state == Connection.State.PAUSED:
        raise ConnectionPaused
    connection_id = _uuid(connection_id)
    return Credential(
        tenant=Tenant(_uuid(domain_id), domain_name, schema_version),
        connection_id=connection_id,
        actor=Actor("connection", str(connection_id), name),
        scopes=frozenset(scope.split()),
    )


def _touch(connection_id: UUID) -> None:
    """Note the use, every five minutes at most: the dashboard needs no more, and a write costs more than a look-up."""
    now = timezone.now()
    stale = Connection.objects.filter(pk=connection_id).exclude(last_used__gte=now - _TOUCH_EVERY)
    stale.update(last_used=now)


def _stored(moment: datetime) -> Any:
    return database.ops.adapt_datetimefield_value(moment)


def _uuid(value: UUID | str) -> UUID:
    # PostgreSQL returns UUIDs, SQLite the text it keeps them as.
    return value if isinstance(value, UUID) else UUID(value)

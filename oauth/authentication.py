"""Bearer → Credential, in one query (RFC 6750 §2.1). Django REST framework names this class in its settings.

Only the Authorization header is looked at: never the body, which an anonymous caller must not make us parse,
and never the query, where a token would end up in logs (RFC 9700 §4.3.2). Nothing found here is remembered: what is
ended, is ended for every process at once.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from oauth.models import AccessKey, Connection
from oauth.tokens import ACCESS_PREFIX, KEY_PREFIX, digest, prefix_of
from securelogin.directory import dialect as dialects
from securelogin.directory.credential import Actor, Credential, RefusedCredentialError, Tenant
from securelogin.directory.dialect import Statement
from securelogin.directory.statements import Read, ReadAhead
from securelogin.signin.addresses import client_address

_TOUCH_EVERY = timedelta(minutes=5)
_REFUSED = "The access token is missing, unknown or expired. Authorize again in Entra, or enter a new token."


class _Found(NamedTuple):
    """What one query tells, in the order in which both statements select it."""

    connection_id: UUID | str
    name: str
    state: str
    domain_id: UUID | str
    domain: str
    domain_state: str
    schema_version: int
    scope: str
    unused_lately: bool
    expired: bool
    ended: bool  # the key was revoked, or the token's client switched off
    key_id: UUID | str | None


_WIDTH = len(_Found._fields)


class _Sought(NamedTuple):
    """The parts of a statement that finds a credential."""

    selected: str
    source: str
    condition: str


# By hand: this runs for every SCIM request, and the ORM would take longer to write it than the database to answer it.
# Nothing here is joined to the person who connected: a connection outlives her. Both take the same three parameters,
# and find what is over too: its refusal costs what any other does, and belongs in the logbook of its domain.
_SHARED = "c.id, c.name, c.state, d.id, d.name, d.state, d.schema_version"
_JOINED = "JOIN oauth_connection c ON c.id = x.connection_id JOIN directory_domain d ON d.id = c.domain_id"
_SOUGHT = {
    ACCESS_PREFIX: _Sought(
        f"{_SHARED}, x.scope, c.last_used IS NULL OR c.last_used < %s, x.expires <= %s,"
        " a.id IS NOT NULL AND NOT a.is_active, NULL",
        f"oauth_accesstoken x {_JOINED} LEFT JOIN oauth_application a ON a.id = c.application_id",
        "x.token_checksum = %s",
    ),
    KEY_PREFIX: _Sought(
        f"{_SHARED}, c.scope, x.last_used IS NULL OR x.last_used < %s, x.not_after IS NOT NULL AND x.not_after <= %s,"
        " x.revoked IS NOT NULL, x.id",
        f"oauth_accesskey x {_JOINED}",
        "x.digest = %s",
    ),
}


class CredentialOverError(RefusedCredentialError, AuthenticationFailed):
    """The token or key is ours and over. Its domain's logbook says why; whoever sent it hears what a stranger hears."""


class DomainSuspendedError(RefusedCredentialError, PermissionDenied):
    """An operator has suspended the domain."""


class ConnectionPausedError(RefusedCredentialError, APIException):
    """A manager has paused the connection. Entra retries a 503; a 401 or 403 would put its job in quarantine."""

    status_code = 503
    default_code = "connection_paused"
    wait = 300  # Retry-After, in seconds


class BearerAuthentication(BaseAuthentication):
    """Answers `(credential, read ahead)`: the caller is a connection of one domain, not a person.

    `foresee` tells what the request will read first, if anybody knows: where a round trip counts, that is read of the
    credential's domain in the same statement, for the price of one.
    """

    def __init__(self, foresee: Callable[[], Read | None] = lambda: None) -> None:
        self.foresee = foresee

    def authenticate(self, request: Request) -> tuple[Credential, ReadAhead | None]:
        """Return what Django REST framework knows as user and auth.

        Raises AuthenticationFailed with one sentence whatever is wrong with the token, DomainSuspendedError, and
        ConnectionPausedError.
        """
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        prefix = prefix_of(token := token.strip()) if scheme.lower() == "bearer" else None
        if prefix is None:
            raise AuthenticationFailed(_REFUSED)
        # Not before the token looks like one of ours: what a stranger asks for is not even parsed.
        read = self.foresee() if dialects.current().reads_ahead else None
        try:
            rows = _find(prefix, token, read)
        except DataError:  # whatever is wrong with the read, is nobody's business before the credential is known
            rows, read = _find(prefix, token, None), None
        if not rows:
            raise AuthenticationFailed(_REFUSED)
        found = _Found._make(rows[0][:_WIDTH])
        credential = _credential(found)
        _admit(found, credential)
        if found.unused_lately:
            _touch(found, client_address(request))
        return credential, None if read is None else _read_ahead(read, rows)

    def authenticate_header(self, request: Request) -> str:
        """RFC 6750 §3: name the scheme, and the error only when a token was sent."""
        sent = "HTTP_AUTHORIZATION" in request.META
        return 'Bearer realm="scim"' + (', error="invalid_token"' if sent else "")


def _find(prefix: str, token: str, read: Read | None) -> list[tuple[Any, ...]]:
    """Return the credential's row, with what was read of its domain behind it: as often as that has rows."""
    now = timezone.now()
    dialect = dialects.current()
    rider = Statement("") if read is None else read.within("d.id")
    moments = (dialect.moment(now - _TOUCH_EVERY), dialect.moment(now))
    return dialect.run(_statement(prefix, rider.sql), (*moments, *rider.parameters, digest(token)))


@lru_cache(maxsize=512)
def _statement(prefix: str, rider: str) -> str:
    selected, source, condition = _SOUGHT[prefix]
    if not rider:
        return f"SELECT {selected} FROM {source} WHERE {condition}"
    return f"SELECT {selected}, r.* FROM {source} LEFT JOIN LATERAL ({rider}) r ON TRUE WHERE {condition} ORDER BY r.id"


def _read_ahead(read: Read, rows: list[tuple[Any, ...]]) -> ReadAhead:
    # One row of nothing is how an outer join says that there is none.
    return ReadAhead(read, [row[_WIDTH:] for row in rows if row[_WIDTH] is not None])


def _credential(found: _Found) -> Credential:
    connection_id = _uuid(found.connection_id)
    return Credential(
        tenant=Tenant(_uuid(found.domain_id), found.domain, found.schema_version),
        connection_id=connection_id,
        actor=Actor("connection", str(connection_id), found.name),
        scopes=frozenset(found.scope.split()),
    )


def _admit(found: _Found, credential: Credential) -> None:
    """Raise what keeps this credential out, if anything does."""
    reason = _over(found)
    if reason is not None:
        raise CredentialOverError(_REFUSED).of(credential, reason)
    if found.domain_state != "active":
        suspended = f"The domain {found.domain} is suspended. Ask the operator of this service."
        raise DomainSuspendedError(suspended).of(credential, suspended)
    if found.state == Connection.State.PAUSED:
        paused = "A manager has paused this connection. Resume it on the Connection page of your domain."
        raise ConnectionPausedError(paused).of(credential, paused)


def _over(found: _Found) -> str | None:
    """Say for the domain's managers why this credential counts no more, None if it does."""
    what = "access token" if found.key_id is None else "access key"
    if found.state == Connection.State.REVOKED:
        return f"Its connection has been ended, and the {what} with it."
    if found.ended:
        return "The access key has been revoked." if found.key_id else "The client of this token is switched off."
    return f"The {what} has expired." if found.expired else None


def _touch(found: _Found, address: str) -> None:
    """Note the use, every five minutes at most: the pages need no more, and a write costs more than a look-up."""
    now = timezone.now()
    lately = {"last_used__gte": now - _TOUCH_EVERY}
    Connection.objects.filter(pk=found.connection_id).exclude(**lately).update(last_used=now)
    if found.key_id is not None:
        AccessKey.objects.filter(pk=found.key_id).exclude(**lately).update(last_used=now, last_used_ip=address)


def _uuid(value: UUID | str) -> UUID:
    # PostgreSQL returns UUIDs, SQLite the text it keeps them as.
    return value if isinstance(value, UUID) else UUID(value)

"""The only subclass of django-oauth-toolkit's validator. Each override names the rule that it is there for.

Codes and refresh tokens are locked before they are looked at, so every use needs the transaction that TokenView opens.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from oauth import connections, trace
from oauth.clients import UnreadableCredentialsError, offered_credentials
from oauth.models import AccessToken, Application, Connection, Grant, RefreshToken
from oauth.secrets import verify
from oauth.tokens import digest
from securelogin.directory.models import Domain
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import may

logger = logging.getLogger(__name__)

# A client that lost our answer repeats its code at once; whoever comes later than this has found it somewhere.
_REPLAY_IS_THEFT_AFTER = timedelta(seconds=60)

_AUTHORIZE_AGAIN = "Sign in to Entra and press Authorize again."


class Validator(OAuth2Validator):  # type: ignore[misc]  # the base ships no types
    """What differs: tokens belong to a connection, clients have several secrets, Entra's refresh token stays."""

    # Clients

    def authenticate_client(self, request: Request, *_args: Any, **_kwargs: Any) -> bool:
        """RFC 6749 §2.3.1, with several secrets at a time: one is renewed while the other still works."""
        try:
            offered = offered_credentials(request)
        except UnreadableCredentialsError as error:
            raise errors.InvalidClientError(description=str(error), request=request) from error
        application = None if offered is None else self._load_application(offered.client_id, request)
        if offered is not None:
            trace.called_by(offered.client_id)
        if offered is None or application is None or not verify(application, offered.secret):
            raise errors.InvalidClientError(
                description="The client id or the client secret is wrong, or the secret has expired.", request=request
            )
        request.client, request.client_id = application, application.client_id
        return True

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Stock answers False for an unknown client and then fails without a word; say what is wrong instead."""
        application = self._load_application(request.client_id, request) if request.client_id else None
        is_public = application is not None and application.client_type == Application.CLIENT_PUBLIC
        return not is_public or bool(super().client_authentication_required(request, *args, **kwargs))

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        """RFC 9700 §2.1.1 recommends PKCE for confidential clients. Entra's listed parameters have none."""
        application = self._load_application(client_id, request)
        return application is None or application.pkce_required

    def rotate_refresh_token(self, request: Request) -> bool:
        """RFC 9700 §2.2.2 demands rotation of public clients only. With it, one lost answer ends Entra's access."""
        return bool(request.client.rotate_refresh_tokens)

    # Codes

    def _create_authorization_code(
        self, request: Request, code: dict[str, str], expires: datetime | None = None
    ) -> Grant:
        """RFC 6749 §4.1.2, as stock, but bound to a connection, and to the session epoch of the person."""
        scope = " ".join(request.scopes)
        lifetime = timedelta(seconds=oauth2_settings.AUTHORIZATION_CODE_EXPIRE_SECONDS)
        connection = connections.await_code(request.user, request.client, scope, code["code"], request.address)
        return Grant.objects.create(
            application=request.client,
            user=request.user,
            connection=connection,
            session_epoch=request.user.session_epoch,
            code=code["code"],
            expires=expires or timezone.now() + lifetime,
            redirect_uri=request.redirect_uri,
            scope=scope,
            code_challenge=request.code_challenge or "",
            code_challenge_method=request.code_challenge_method or "",
        )

    def validate_code(
        self, _client_id: str, code: str, client: Application, request: Request, *_a: Any, **_k: Any
    ) -> bool:
        """RFC 6749 §4.1.3: a code is used once, by its client, while the person who got it may still sign in."""
        grant = _locked(Grant.objects.filter(code=code, application=client))
        if grant is None:
            _notice_replay(code, client)
        if grant is None or grant.is_expired() or not _still_stands(grant):
            raise errors.InvalidGrantError(
                description=f"The authorization code is unknown, used or expired. {_AUTHORIZE_AGAIN}", request=request
            )
        if request.code_verifier and not grant.code_challenge:
            # RFC 9700 §4.8.2: a verifier without a challenge is somebody stripping PKCE off a stolen code.
            raise errors.InvalidGrantError(description="This code was issued without code_challenge.", request=request)
        request.user, request.scopes, request.grant = grant.user, grant.scope.split(), grant
        return True

    # Tokens

    def validate_refresh_token(
        self, refresh_token: str, client: Application, request: Request, *_args: Any, **_kwargs: Any
    ) -> bool:
        """RFC 6749 §6. Who authorized is not looked at: a connection outlives her."""
        row = _locked(RefreshToken.objects.filter(token_checksum=digest(refresh_token), application=client))
        if row is not None and row.revoked is not None:
            # RFC 9700 §4.14.2: a rotated token that comes back has been stolen, from us or by us.
            logger.warning("Connection %s: a rotated refresh token came back", row.connection_id)
            trace.changes("This connection has been ended, since a refresh token was used twice.")
            row.connection.revoke("a refresh token used twice")
        if row is None or row.revoked is not None:
            raise errors.InvalidGrantError(
                description=f"The refresh token is unknown or revoked. {_AUTHORIZE_AGAIN}", request=request
            )
        if row.connection.state == Connection.State.REVOKED:
            raise errors.InvalidGrantError(
                description=f"This connection has been ended. {_AUTHORIZE_AGAIN}", request=request
            )
        if row.connection.domain.state != Domain.State.ACTIVE:
            raise errors.InvalidGrantError(description="This domain is suspended. Ask the operator.", request=request)
        request.user, request.refresh_token, request.refresh_token_instance = row.user, refresh_token, row
        return True

    def get_original_scopes(self, _refresh_token: str, request: Request, *_args: Any, **_kwargs: Any) -> list[str]:
        """RFC 6749 §6: what was granted at first, whatever the latest access token was narrowed to."""
        return str(request.refresh_token_instance.connection.scope).split()

    def _save_bearer_token(self, token: dict[str, Any], request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Like stock, but the previous access token lives out its hour: calls under way must not fail."""
        expires = timezone.now() + timedelta(seconds=token["expires_in"])
        previous = getattr(request, "refresh_token_instance", None)
        if previous is None:
            connections.activate(request.grant.connection)
            access = self._create_access_token(expires, request, token)
            self._create_refresh_token(request, token["refresh_token"], access, None)
            return
        access = self._create_access_token(expires, request, token)
        if self.rotate_refresh_token(request):
            RefreshToken.objects.filter(pk=previous.pk).update(revoked=timezone.now(), access_token=None)
            self._create_refresh_token(request, token["refresh_token"], access, previous)
        else:
            # Cleaning up deletes refresh tokens that point at no access token, so this one points at the newest.
            RefreshToken.objects.filter(pk=previous.pk).update(access_token=access)

    def _create_access_token(
        self,
        expires: datetime,
        request: Request,
        token: dict[str, Any],
        source_refresh_token: RefreshToken | None = None,
    ) -> AccessToken:
        """As stock, with the connection. The token itself is never stored (RFC 6819 §5.1.4.1.3)."""
        return AccessToken.objects.create(
            connection=_connection(request),
            user=request.user,
            application=request.client,
            source_refresh_token=source_refresh_token,
            token="",  # only the digest is kept
            token_checksum=digest(token["access_token"]),
            scope=token["scope"],
            expires=expires,
        )

    def _create_refresh_token(
        self, request: Request, refresh_token_code: str, access_token: AccessToken, previous: RefreshToken | None
    ) -> RefreshToken:
        """As stock, with the connection, which is the family that stock keeps in `token_family`."""
        connection = _connection(request) if previous is None else previous.connection
        return RefreshToken.objects.create(
            connection=connection,
            user=request.user,
            application=request.client,
            access_token=access_token,
            token="",  # only the digest is kept
            token_checksum=digest(refresh_token_code),
            token_family=connection.pk,
        )

    def revoke_token(self, token: str, _hint: str, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """RFC 7009 §2.1: whichever token a client revokes, its grant goes with it, and here the whole connection."""
        checksum = digest(token)
        for model in (AccessToken, RefreshToken):
            for row in model.objects.filter(token_checksum=checksum, application=request.client):
                trace.concerns(row.connection)
                trace.changes("The client has ended this connection.")
                row.connection.revoke(request.client.name)


def _locked(rows: QuerySet[Any]) -> Any:
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


def _still_stands(grant: Grant) -> bool:
    """Tell whether the person, her role, the domain and the connection are what they were when the code was issued."""
    user = grant.user
    if user is None or not user.is_active or user.session_epoch != grant.session_epoch:
        return False
    if not may(user, Permission.CONNECT):
        return False
    connection = grant.connection
    return connection.state == Connection.State.PENDING and connection.domain.state == Domain.State.ACTIVE


def _notice_replay(code: str, client: Application) -> None:
    """RFC 6749 §4.1.2: a code that is used again SHOULD end what was issued for it, unless it is a mere retry."""
    for connection in Connection.objects.filter(code_digest=digest(code), application=client, redeemed__isnull=False):
        logger.warning("Connection %s: its authorization code came back", connection.pk)
        trace.concerns(connection)
        if connection.redeemed is not None and connection.redeemed < timezone.now() - _REPLAY_IS_THEFT_AFTER:
            trace.changes("This connection has been ended, since its authorization code was used twice.")
            connection.revoke("an authorization code used twice")


def _connection(request: Request) -> Connection:
    previous = getattr(request, "refresh_token_instance", None)
    connection: Connection = request.grant.connection if previous is None else previous.connection
    return connection

"""The only subclass of django-oauth-toolkit's validator. Each override names the rule that it is there for.

Codes and refresh tokens are locked before they are looked at, so every use needs the transaction that TokenView opens.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from oauth import connections, standing, trace, trusts
from oauth.clients import (
    ClientAssertion,
    ClientCredentials,
    UnreadableCredentialsError,
    offered_assertion,
    offered_credentials,
)
from oauth.models import AccessToken, Application, Connection, Grant, RefreshToken
from oauth.secrets import verify
from oauth.standing import AUTHORIZE_AGAIN
from oauth.tokens import digest

logger = logging.getLogger(__name__)

# Each grant is for one kind of client: nobody presses Authorize for a client that has credentials of its own.
_CLIENT_OF = {
    "authorization_code": Application.GRANT_AUTHORIZATION_CODE,
    "refresh_token": Application.GRANT_AUTHORIZATION_CODE,
    "client_credentials": Application.GRANT_CLIENT_CREDENTIALS,
}

# By hand, as in standing.py.
_BY_CLIENT_ID = "SELECT * FROM oauth_application WHERE client_id = %s"


class Validator(OAuth2Validator):  # type: ignore[misc]  # the base ships no types
    """What differs: tokens belong to a connection, clients have several secrets, Entra's refresh token stays."""

    # Clients

    def authenticate_client(self, request: Request, *_args: Any, **_kwargs: Any) -> bool:
        """RFC 6749 §2.3: by a secret, or by an assertion in its place (RFC 7521 §4.2)."""
        try:
            asserted, offered = offered_assertion(request), offered_credentials(request)
        except UnreadableCredentialsError as error:
            raise errors.InvalidClientError(description=str(error), request=request) from error
        request.is_asserted = asserted is not None
        if asserted is None:
            application = self._client_by_secret(offered, request)
        else:
            application = self._client_by_assertion(asserted, request)
        request.client, request.client_id = application, application.client_id
        return True

    def _client_by_secret(self, offered: ClientCredentials | None, request: Request) -> Application:
        """RFC 6749 §2.3.1, with several secrets at a time: one is renewed while the other still works."""
        application: Application | None = None
        if offered is not None:
            trace.called_by(offered.client_id)
            application = self._load_application(offered.client_id, request)
        if offered is None or application is None or not verify(application, offered.secret):
            standing.note_stranger(application)
            raise errors.InvalidClientError(
                description="The client id or the client secret is wrong, or the secret has expired.", request=request
            )
        return application

    def _client_by_assertion(self, asserted: ClientAssertion, request: Request) -> Application:
        """RFC 7523 §3. The keys of the issuer were fetched before the transaction began."""
        trust = trusts.trust_of(asserted.client_id)
        if trust is not None:
            trace.concerns(trust.connection)
        application: Application | None = self._load_application(asserted.client_id, request)
        if trust is None or application is None:
            raise errors.InvalidClientError(description=trusts.REFUSED, request=request)
        refusal = trusts.refusal_of(trust, asserted.assertion)
        if refusal is not None:
            raise errors.InvalidClientError(description=refusal, request=request)
        return application

    def _load_application(self, client_id: str, request: Request) -> Application | None:
        """As stock, without its metadata documents, which we do not take, and by one cheap statement."""
        client: Any = request.client  # what a form calls `client` stands here too, until it is looked up
        if not isinstance(client, Application) or client.client_id != client_id:
            client = next(iter(Application.objects.raw(_BY_CLIENT_ID, [client_id])), None)
        usable: Application | None = client if client is not None and client.is_usable(request) else None
        request.client = usable
        return usable

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

    def validate_grant_type(
        self, _client_id: str, grant_type: str, client: Application, request: Request, *_a: Any, **_k: Any
    ) -> bool:
        """RFC 6749 §5.2, unauthorized_client; and with its own credentials (§4.4) a client asks for its connection."""
        if client.authorization_grant_type != _CLIENT_OF[grant_type]:
            return False
        if grant_type == "client_credentials":
            request.user, request.connection = None, standing.connection_of(client, request)
            # Entra may leave the scope out, or leave it empty (RFC 6749 §3.3).
            request.scopes = list(dict.fromkeys((request.scope or request.connection.scope).split()))
        return True

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Application, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """RFC 6749 §3.3: a client with its own credentials gets what its connection was granted, or less."""
        if request.grant_type == "client_credentials":
            return standing.covers(request.connection.scope, scopes)
        if scopes == [""]:  # RFC 6749 §3.1: a parameter without a value counts as left out
            request.scopes = scopes = self.get_default_scopes(client_id, request)
        return bool(super().validate_scopes(client_id, scopes, client, request, *args, **kwargs))

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
        grant = standing.locked(Grant.objects.filter(code=code, application=client))
        if grant is None:
            standing.notice_replay(code, client)
        if grant is None or grant.is_expired() or not standing.still_stands(grant):
            raise errors.InvalidGrantError(
                description=f"The authorization code is unknown, used or expired. {AUTHORIZE_AGAIN}", request=request
            )
        if request.code_verifier and not grant.code_challenge:
            # RFC 9700 §4.8.2: a verifier without a challenge is somebody stripping PKCE off a stolen code.
            raise errors.InvalidGrantError(description="This code was issued without code_challenge.", request=request)
        request.user, request.scopes, request.connection = grant.user, grant.scope.split(), grant.connection
        return True

    # Tokens

    def validate_refresh_token(
        self, refresh_token: str, client: Application, request: Request, *_args: Any, **_kwargs: Any
    ) -> bool:
        """RFC 6749 §6. Who authorized is not looked at: a connection outlives her."""
        row = standing.locked(RefreshToken.objects.filter(token_checksum=digest(refresh_token), application=client))
        if row is not None and row.revoked is not None:
            # RFC 9700 §4.14.2: a rotated token that comes back has been stolen, from us or by us.
            logger.warning("Connection %s: a rotated refresh token came back", row.connection_id)
            trace.changes("This connection has been ended, since a refresh token was used twice.")
            row.connection.revoke("a refresh token used twice")
        if row is None or row.revoked is not None:
            raise errors.InvalidGrantError(
                description=f"The refresh token is unknown or revoked. {AUTHORIZE_AGAIN}", request=request
            )
        standing.check(row.connection, request)
        request.user, request.connection = row.user, row.connection
        request.refresh_token, request.refresh_token_instance = refresh_token, row
        return True

    def get_original_scopes(self, _refresh_token: str, request: Request, *_args: Any, **_kwargs: Any) -> list[str]:
        """RFC 6749 §6: what was granted at first, whatever the latest access token was narrowed to."""
        return str(request.connection.scope).split()

    def is_within_original_scope(
        self, scopes: list[str], _refresh_token: str, request: Request, *_a: Any, **_k: Any
    ) -> bool:
        """RFC 6749 §6: less than was granted may be asked for, and reading is less than scim."""
        return standing.covers(request.connection.scope, scopes)

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """As stock, without a transaction of its own: TokenView's is enough, and a savepoint is two round trips."""
        self._save_bearer_token(token, request, *args, **kwargs)

    def _save_bearer_token(self, token: dict[str, Any], request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Like stock, but the previous access token lives out its hour: calls under way must not fail."""
        if request.grant_type == "authorization_code":
            connections.activate(request.connection)
        access = self._create_access_token(timezone.now() + timedelta(seconds=token["expires_in"]), request, token)
        if request.grant_type == "authorization_code":
            self._create_refresh_token(request, token["refresh_token"], access, None)
        elif request.grant_type == "refresh_token":
            self._renew(request, token, access)

    def _renew(self, request: Request, token: dict[str, Any], access: AccessToken) -> None:
        previous = request.refresh_token_instance
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
            connection=request.connection,
            user=request.user,
            application=request.client,
            source_refresh_token=source_refresh_token,
            token="",  # only the digest is kept
            token_checksum=digest(token["access_token"]),
            scope=token["scope"],
            expires=expires,
        )

    def _create_refresh_token(
        self, request: Request, refresh_token_code: str, access_token: AccessToken, _previous: RefreshToken | None
    ) -> RefreshToken:
        """As stock, with the connection, which is the family that stock keeps in `token_family`."""
        return RefreshToken.objects.create(
            connection=request.connection,
            user=request.user,
            application=request.client,
            access_token=access_token,
            token="",  # only the digest is kept
            token_checksum=digest(refresh_token_code),
            token_family=request.connection.pk,
        )

    def revoke_token(self, token: str, _hint: str, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """RFC 7009 §2.1: whichever token a client revokes, its grant goes with it, and here the whole connection.

        A client with its own credentials was granted nothing beside them: only the token goes.
        """
        checksum = digest(token)
        for model in (AccessToken, RefreshToken):
            for row in model.objects.filter(token_checksum=checksum, application=request.client):
                trace.concerns(row.connection)
                if row.connection.kind == Connection.Kind.AUTHORIZE:
                    trace.changes("The client has ended this connection.")
                    row.connection.revoke(request.client.name)
                else:
                    AccessToken.objects.filter(pk=row.pk).update(expires=timezone.now())

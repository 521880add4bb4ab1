"""Which client calls: its id and secret, in the Authorization header, in the body, or in both (RFC 6749 §2.3.1); or an
assertion of somebody whom it trusts (RFC 7521 §4.2).
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import unquote_plus

from oauthlib.common import Request

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 §2.2


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class ClientAssertion:
    client_id: str
    assertion: str


class UnreadableCredentialsError(ValueError):
    """The credentials are malformed or contradict each other; the message is for whoever configured the client."""


def offered_credentials(request: Request) -> ClientCredentials | None:
    """Return what the client sent, None when it sent no secret. Raises UnreadableCredentialsError."""
    header, body = _from_header(request), _from_body(request)
    if header is None:
        return body
    # RFC 6749 §2.3 forbids using both; Entra sends both when told to, and they are accepted when they agree.
    if body not in {None, header} or request.client_id not in {None, header.client_id}:
        raise UnreadableCredentialsError(
            "The client credentials in the Authorization header and in the body differ. Send one of them."
        )
    return header


def offered_assertion(request: Request) -> ClientAssertion | None:
    """Return what the client sent in place of a secret, None when it sent no such thing.

    Raises UnreadableCredentialsError, also when there is a secret beside it (RFC 6749 §2.3).
    """
    body = dict(request.decoded_body or ())  # never the address: that would end up in logs
    kind, client_id, assertion = (body.get(name) for name in ("client_assertion_type", "client_id", "client_assertion"))
    if not kind and not assertion:
        return None
    if kind != ASSERTION_TYPE or not client_id or not assertion:
        raise UnreadableCredentialsError(
            f"Send client_id, client_assertion, and client_assertion_type={ASSERTION_TYPE}."
        )
    if body.get("client_secret") or "HTTP_AUTHORIZATION" in request.headers:
        raise UnreadableCredentialsError("Send a client_assertion or a secret, not both.")
    return ClientAssertion(client_id, assertion)


def _from_header(request: Request) -> ClientCredentials | None:
    scheme, _, encoded = request.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise UnreadableCredentialsError("The Authorization header is not Base64 of id, colon and secret.") from error
    credentials = ClientCredentials(unquote_plus(client_id), unquote_plus(secret))
    if "\x00" in credentials.client_id:
        raise UnreadableCredentialsError("The client id in the Authorization header has a NUL character.")
    return credentials


def _from_body(request: Request) -> ClientCredentials | None:
    if not request.client_id or not request.client_secret:
        return None
    return ClientCredentials(request.client_id, request.client_secret)

"""Which client calls: its id and secret, in the Authorization header, in the body, or in both (RFC 6749 §2.3.1)."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import unquote_plus

from oauthlib.common import Request


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    client_id: str
    secret: str


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

"""The tokens a job calls with: got once, renewed before a cycle when they are about to run out (RFC 6749)."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any
from urllib.parse import quote_plus

import requests

from entra.authorize import authorize
from entra.failure import SignInFailed
from entra.options import Authorize, Client, ClientCredentials, Federation, Login, Placement, SecretToken

TIMEOUT = 60
# A cycle may take its time; a token that ends within it would end the job.
MARGIN = 15 * 60
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Tokens:
    access_token: str = field(repr=False)
    lifetime: float = inf
    refresh_token: str = field(default="", repr=False)

    @property
    def remark(self) -> str:
        """Entra's requirement for gallery applications: a token lives from one to six hours."""
        if self.lifetime == inf or 3600 <= self.lifetime <= 21600:
            return ""
        return f"Tokens live for {self.lifetime:.0f} seconds; Entra wants 3600 to 21600."


class Wallet:
    """Holds the current tokens of one job."""

    def __init__(self, obtain: Callable[[], Tokens], renew: Callable[[Tokens], Tokens], *, always: bool) -> None:
        self._obtain, self._renew, self._always = obtain, renew, always
        self._tokens, self._ends = Tokens(""), inf

    def open(self) -> Tokens:
        """Signs in. Raises SignInFailed."""
        return self._keep(self._obtain())

    def bearer(self) -> str:
        return self._tokens.access_token

    def refresh(self) -> None:
        """Before each cycle. Raises SignInFailed."""
        if self._tokens.access_token and (self._always or monotonic() > self._ends - MARGIN):
            self._keep(self._renew(self._tokens))

    def _keep(self, tokens: Tokens) -> Tokens:
        self._tokens, self._ends = tokens, monotonic() + tokens.lifetime
        return tokens


def wallet(login: Login, *, always: bool) -> Wallet:
    """`always` renews before every cycle, even when there is time left."""
    match login:
        case SecretToken(token):
            return Wallet(lambda: Tokens(token), lambda tokens: tokens, always=False)
        case Authorize():
            return Wallet(lambda: _redeem(login), lambda tokens: _refresh(login.client, tokens), always=always)
        case ClientCredentials(client):
            return Wallet(lambda: _grant(client), lambda _: _grant(client), always=always)
        case Federation():
            return Wallet(lambda: _assert(login), lambda _: _assert(login), always=always)


def _redeem(login: Authorize) -> Tokens:
    fields = {"grant_type": "authorization_code", "code": authorize(login), "redirect_uri": login.redirect_uri}
    return _ask(login.client, fields)


def _refresh(client: Client, tokens: Tokens) -> Tokens:
    if not tokens.refresh_token:
        raise SignInFailed("The token endpoint gave no refresh token, so the connection ends with the access token.")
    renewed = _ask(client, {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token})
    # A server that does not rotate leaves the refresh token out (RFC 6749 section 6).
    return Tokens(renewed.access_token, renewed.lifetime, renewed.refresh_token or tokens.refresh_token)


def _grant(client: Client) -> Tokens:
    return _ask(client, {"grant_type": "client_credentials"} | _scope(client))


def _assert(login: Federation) -> Tokens:
    """Entra's assertions are short-lived: the file is read anew each time."""
    assertion = login.assertion_file.read_text().strip()
    fields = {
        "grant_type": "client_credentials",
        "client_id": login.client.client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    return _post(login.client.token_url, fields | _scope(login.client), {})


def _scope(client: Client) -> dict[str, str]:
    return {"scope": client.scope} if client.scope else {}


def _ask(client: Client, fields: dict[str, str]) -> Tokens:
    """The client shows who it is in the header, in the body or in both."""
    headers = {} if client.placement is Placement.BODY else {"Authorization": _basic(client)}
    own = {"client_id": client.client_id, "client_secret": client.client_secret}
    return _post(client.token_url, fields | ({} if client.placement is Placement.HEADER else own), headers)


def _basic(client: Client) -> str:
    """RFC 6749 section 2.3.1: both parts are form-encoded first."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return "Basic " + b64encode(pair.encode()).decode()


def _post(url: str, fields: dict[str, str], headers: dict[str, str]) -> Tokens:
    try:
        with requests.post(url, fields, headers=headers, timeout=TIMEOUT, allow_redirects=False) as response:
            return _tokens(response)
    except requests.RequestException as error:
        raise SignInFailed(f"The token endpoint {url} cannot be reached: {error}") from error


def _tokens(response: requests.Response) -> Tokens:
    """Raises SignInFailed unless the answer is RFC 6749 section 5.1's."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if response.status_code != 200 or not isinstance(document, dict) or not document.get("access_token"):
        raise SignInFailed(f"The token endpoint answered {response.status_code}: {response.text[:300]}")
    if str(document.get("token_type", "")).lower() != "bearer":
        raise SignInFailed(f"The token_type is {document.get('token_type')!r}; Entra can only use Bearer.")
    return Tokens(document["access_token"], _lifetime(document), document.get("refresh_token") or "")


def _lifetime(document: dict[str, Any]) -> float:
    try:
        return float(document.get("expires_in", inf))
    except (TypeError, ValueError) as error:
        raise SignInFailed(f"expires_in is {document['expires_in']!r}; it must be a number of seconds.") from error

"""Entra as a browser and as a client: presses Authorize, signs in, redeems, refreshes, and calls with a token."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from oauth.applications import ClientTerms, connect_client
from oauth.authentication import BearerAuthentication
from oauth.models import Application, Connection
from securelogin.directory.credential import Credential
from securelogin.directory.models import Domain, User
from tests.credentials import AUTHOR
from tests.people import PASSWORD

Answer = Any  # what Django's test client returns: a response with json() and more
REDIRECT = "https://portal.azure.com/TokenAuthorize"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Entra:
    """An OAuth client, with a browser for whoever presses Authorize. An empty parameter is left out."""

    application: Application
    secret: str
    browser: Client = field(default_factory=Client)

    def authorize_url(self, **changes: str) -> str:
        parameters = {
            "client_id": self.application.client_id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "state": "1",
        }
        return "/oauth/authorize?" + urlencode({k: v for k, v in (parameters | changes).items() if v})

    def press_authorize(self, domain: str, **changes: str) -> str:
        """Press Authorize and go to the domain; return the address of its login page."""
        go = self.browser.get(self.authorize_url(**changes))["Location"]
        return str(self.browser.get(f"{go}&domain={domain}")["Location"])

    def sign_in(self, login_page: str, user: User, password: str = PASSWORD) -> Answer:
        return self.browser.post(login_page, {"username": user.user_name, "password": password})

    def authorize(self, user: User, **changes: str) -> dict[str, str]:
        """Walk from Authorize to the way back; return what Entra is told there."""
        login_page = self.press_authorize(user.domain.name, **changes)
        back = self.browser.get(self.sign_in(login_page, user)["Location"])
        return answer_of(back)

    def token(self, **parameters: str) -> Answer:
        """Call the token endpoint with id and secret in the body."""
        return self.post("/oauth/token", **self.credentials() | parameters)

    def credentials(self) -> dict[str, str]:
        return {"client_id": self.application.client_id, "client_secret": self.secret}

    def post(self, path: str, header: str = "", **parameters: str) -> Answer:
        body = urlencode({key: value for key, value in parameters.items() if value})
        headers = {"Authorization": header} if header else {}
        return Client().post(path, body, content_type=FORM, headers=headers)

    def basic(self, secret: str | None = None) -> str:
        return "Basic " + b64encode(f"{self.application.client_id}:{secret or self.secret}".encode()).decode()

    def redeem(self, code: str, **changes: str) -> Answer:
        return self.token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT} | changes)

    def ask(self, **parameters: str) -> Answer:
        """Ask for a token with client credentials, in the body."""
        return self.token(grant_type="client_credentials", **parameters)

    def refresh(self, refresh_token: str, **changes: str) -> Answer:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **changes)

    def connect(self, user: User, **changes: str) -> dict[str, Any]:
        """Authorize and redeem; return the token response."""
        response = self.redeem(self.authorize(user, **changes)["code"])
        assert response.status_code == 200, response.content
        document: dict[str, Any] = response.json()
        return document


def answer_of(response: Answer) -> dict[str, str]:
    """Return what a redirect to Entra tells it."""
    address, _, query = response["Location"].partition("?")
    assert address == REDIRECT
    return dict(parse_qsl(query))


def present(authorization: str | None, query: str = "") -> Credential:
    """Authenticate a SCIM request with this Authorization header; raises what the SCIM side would render."""
    headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    request = Request(APIRequestFactory().get("/scim/v2/Users" + query, **headers))
    credential, _ = BearerAuthentication().authenticate(request)
    return credential


def status_of(token: str) -> int:
    """Return the status that a SCIM request with this token gets."""
    try:
        present(f"Bearer {token}")
    except APIException as refusal:
        return int(refusal.status_code)
    return 200


def path_of(address: str) -> str:
    return urlsplit(address).path


def connect_machine(domain: Domain, **terms: Any) -> "tuple[Connection, Entra]":
    """Connect a domain by client credentials; return the connection, and Entra as its client."""
    connection, secret = connect_client(domain, ClientTerms("A machine", **terms), AUTHOR)
    assert connection.application is not None
    return connection, Entra(connection.application, secret)

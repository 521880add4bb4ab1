"""How a client presents its assertion (RFC 7521 §4.2), and that it and a secret do not stand in for each other."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.test import Client

from oauth.applications import ClientTerms, connect_client
from oauth.models import ApplicationSecret
from oauth.secrets import add_secret
from securelogin.directory.models import Domain
from tests.oauth.walk import FORM, Entra, status_of
from tests.oauth.workload import ASSERTION_TYPE, AUTHOR, Workload


def basic(client_id: str, secret: str) -> str:
    return "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": ""},
        {"client_assertion": ""},
        {"client_assertion_type": ""},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_secret": "and a secret"},
    ],
)
def test_an_assertion_comes_whole_and_alone(workload: Workload, changes: dict[str, str]) -> None:
    answer = workload.ask(**changes)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "client_assertion" in answer.json()["error_description"]
    assert not workload.trust.last_verdict


@pytest.mark.parametrize("header", [basic("x", "y"), "Bearer x", "Basic ***"])
def test_a_secret_in_the_header_beside_it_is_refused(workload: Workload, header: str) -> None:
    assert workload.ask(header=header).status_code == 401


def test_an_assertion_in_the_address_does_not_count(workload: Workload) -> None:
    assert workload.ask().status_code == 200
    named = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": workload.issuer.forge()}
    form = {"grant_type": "client_credentials", "client_id": workload.client_id}
    for address, body in ((named, form), (named | form, form), (form | named, {"grant_type": "client_credentials"})):
        answer = Client().post(f"/oauth/token?{urlencode(address)}", urlencode(body), content_type=FORM)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_client_with_a_trust_cannot_use_a_secret(workload: Workload) -> None:
    assert workload.connection.application is not None
    secret = add_secret(workload.connection.application)
    assert ApplicationSecret.objects.exists()
    inside = {"client_assertion": "", "client_assertion_type": ""}
    for header, form in ((basic(workload.client_id, secret), {}), ("", {"client_secret": secret})):
        answer = workload.ask(header=header, **inside | form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_client_with_a_secret_cannot_use_an_assertion(workload: Workload, acme: Domain) -> None:
    connection, secret = connect_client(acme, ClientTerms("Other"), AUTHOR)
    assert connection.application is not None
    client_id = connection.application.client_id
    assert workload.ask(client_id=client_id).status_code == 401
    form = {"client_assertion": "", "client_assertion_type": "", "client_secret": secret, "client_id": client_id}
    assert workload.ask(**form).status_code == 200


def test_entras_authorize_client_cannot_use_an_assertion(workload: Workload, entra: Entra) -> None:
    assert workload.ask(client_id=entra.application.client_id).status_code == 401


@pytest.mark.parametrize(
    "grant", [{"grant_type": "authorization_code", "code": "x"}, {"grant_type": "refresh_token", "refresh_token": "x"}]
)
def test_only_its_own_grant_is_for_a_client_with_a_trust(workload: Workload, grant: dict[str, str]) -> None:
    answer = workload.ask(**grant | {"scope": ""})
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_the_scope_may_be_narrowed_but_not_widened(workload: Workload, umbra: Domain) -> None:
    assert workload.ask(scope="scim:read").json()["scope"] == "scim:read"
    assert workload.ask(scope="").json()["scope"] == "scim"
    readers = Workload.of(workload.issuer, umbra, "scim:read")
    assert readers.ask(scope="scim").json()["error"] == "invalid_scope"


def test_a_client_may_revoke_with_its_assertion_too(workload: Workload) -> None:
    token = workload.ask().json()["access_token"]
    form = {
        "client_id": workload.client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": workload.issuer.forge(),
        "token": token,
    }
    assert Client().post("/oauth/revoke", urlencode(form), content_type=FORM).status_code == 200
    assert status_of(token) == 401

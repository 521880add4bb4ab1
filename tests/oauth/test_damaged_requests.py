"""Requests that no honest client sends: answered with 400, before the database or a password is involved."""

import logging
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from securelogin.directory.models import User
from tests.oauth.walk import FORM, Entra


def post(body: bytes | str, content_type: str = FORM, path: str = "/oauth/token") -> tuple[int, dict[str, str]]:
    response = Client().post(path, body, content_type=content_type)
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/token/", "/oauth/revoke"])
@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=authorization_code&code=%00&client_id=x&client_secret=y",
        b"grant_type=refresh_token&refresh_token=a%00b&client_id=x&client_secret=y",
        b"grant_type=authorization_code&client_id=%00&client_secret=y&code=z",
        b"grant_type=authorization_code&code=a&code=b&client_id=x&client_secret=y",
        b"a=" + b"x" * 1_048_576,
        b"&".join(b"a%d=1" % number for number in range(1500)),
    ],
    ids=["nul in code", "nul in token", "nul in client", "twice", "a megabyte", "many"],
)
def test_a_damaged_form_is_an_invalid_request(db: None, path: str, body: bytes) -> None:
    status, document = post(body, path=path)
    assert (status, document["error"]) == (400, "invalid_request")
    assert document["error_description"].endswith(".")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_parameters_in_the_address_are_refused(db: None, path: str) -> None:
    status, document = post(b"grant_type=refresh_token&token=x", path=f"{path}?client_id=x")
    assert (status, document["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_another_content_type_is_named_as_the_fault(db: None, content_type: str) -> None:
    status, document = post(b'{"grant_type": "refresh_token"}', content_type)
    assert status == 400
    assert FORM in document["error_description"]


def test_parameters_in_the_address_of_the_token_endpoint_are_refused(entra: Entra) -> None:
    response = Client().post("/oauth/token?grant_type=refresh_token&client_secret=x", "", content_type=FORM)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_while_the_database_is_away_the_client_is_asked_to_come_back(entra: Entra) -> None:
    with patch("oauth.validator.verify", side_effect=OperationalError("gone")):
        response = entra.refresh("slort_x")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json()["error"] == "temporarily_unavailable"


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_the_token_endpoint_takes_post_only(db: None, method: str) -> None:
    response = getattr(Client(), method)("/oauth/token")
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "tail",
    ["&state=%zz", "&state=%00", "&state=%", "&state=1&state=2", "&state=" + "x" * 1_048_576, "&x=%C3%28&client_id=a"],
    ids=lambda value: str(value)[:20],
)
def test_a_damaged_link_gets_a_page_that_says_so(entra: Entra, tail: str) -> None:
    response = entra.browser.get(entra.authorize_url(state="") + tail)
    assert response.status_code == 400
    assert "Location" not in response
    assert "damaged" in response.content.decode()


def test_authorize_takes_get_only(entra: Entra) -> None:
    assert entra.browser.head(entra.authorize_url()).status_code == 405
    assert entra.browser.post(entra.authorize_url()).status_code == 405


def test_no_code_token_or_secret_is_logged(entra: Entra, alice: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        code = entra.authorize(alice)["code"]
        document = entra.redeem(code).json()
        entra.redeem(code)
        entra.refresh(document["refresh_token"])
        entra.refresh(document["refresh_token"], client_secret="wrong")
    assert caplog.records
    for secret in (code, document["access_token"], document["refresh_token"], entra.secret):
        assert secret not in caplog.text

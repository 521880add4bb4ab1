"""How a client proves who it is (RFC 6749 §2.3.1): in the body, in the header, or both; with any of its secrets."""

from base64 import b64encode
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from oauth.models import ApplicationSecret
from oauth.secrets import add_secret, verify
from securelogin.directory.models import User
from tests.oauth.walk import Entra


@pytest.fixture
def refresh_token(entra: Entra, alice: User) -> str:
    return str(entra.connect(alice)["refresh_token"])


def ask(entra: Entra, refresh_token: str, header: str = "", **parameters: str) -> int:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token} | parameters
    return int(entra.post("/oauth/token", header, **form).status_code)


def test_the_secret_may_come_in_the_body_in_the_header_or_in_both(entra: Entra, refresh_token: str) -> None:
    assert ask(entra, refresh_token, **entra.credentials()) == 200
    assert ask(entra, refresh_token, entra.basic()) == 200
    assert ask(entra, refresh_token, entra.basic(), client_id=entra.application.client_id) == 200
    assert ask(entra, refresh_token, entra.basic(), **entra.credentials()) == 200


def test_header_and_body_must_agree(entra: Entra, refresh_token: str) -> None:
    assert ask(entra, refresh_token, entra.basic(), **entra.credentials() | {"client_secret": "other"}) == 401
    assert ask(entra, refresh_token, entra.basic("other"), **entra.credentials()) == 401
    assert ask(entra, refresh_token, entra.basic(), client_id="other") == 401


def test_a_wrong_secret_is_an_invalid_client_with_a_sentence(entra: Entra, refresh_token: str) -> None:
    response = entra.refresh(refresh_token, client_secret="wrong")
    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"
    assert "secret" in response.json()["error_description"]
    assert response["WWW-Authenticate"] == 'Basic realm="oauth"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("parameters", [{}, {"client_id": "nobody"}, {"client_id": "nobody", "client_secret": "x"}])
def test_who_is_unknown_or_silent_is_an_invalid_client(
    entra: Entra, refresh_token: str, parameters: dict[str, str]
) -> None:
    assert ask(entra, refresh_token, **parameters) == 401


def test_an_id_without_its_secret_is_an_invalid_client(entra: Entra, refresh_token: str) -> None:
    assert ask(entra, refresh_token, client_id=entra.application.client_id) == 401


@pytest.mark.parametrize(
    "credentials", [b"no colon", b"\xff\xfe:x", b"a\x00b:c", b"", b"%00:x", b":"], ids=lambda value: value.hex() or "-"
)
def test_an_unreadable_header_is_an_invalid_client(entra: Entra, refresh_token: str, credentials: bytes) -> None:
    assert ask(entra, refresh_token, "Basic " + b64encode(credentials).decode()) == 401


def test_a_header_that_is_no_base64_is_an_invalid_client(entra: Entra, refresh_token: str) -> None:
    assert ask(entra, refresh_token, "Basic ***") == 401


def test_two_secrets_work_side_by_side(entra: Entra, refresh_token: str) -> None:
    second = add_secret(entra.application)
    for secret in (entra.secret, second):
        assert ask(entra, refresh_token, entra.basic(secret)) == 200
        assert entra.refresh(refresh_token, client_secret=secret).status_code == 200


def test_a_new_secret_works_on_a_server_whose_clock_is_behind(entra: Entra) -> None:
    later = timezone.now() + timedelta(minutes=10)
    with patch("django.utils.timezone.now", return_value=later):
        secret = add_secret(entra.application)
    assert verify(entra.application, secret)


def test_a_secret_works_between_its_dates_only(entra: Entra, refresh_token: str) -> None:
    secret, now = add_secret(entra.application, timedelta(days=365)), timezone.now()
    row = ApplicationSecret.objects.filter(not_after__isnull=False)
    assert ask(entra, refresh_token, entra.basic(secret)) == 200
    row.update(not_after=now)
    assert ask(entra, refresh_token, entra.basic(secret)) == 401
    row.update(not_after=None, not_before=now + timedelta(minutes=1))
    assert ask(entra, refresh_token, entra.basic(secret)) == 401


def test_no_secret_is_stored_and_the_last_use_is_noted(entra: Entra, refresh_token: str) -> None:
    unused = add_secret(entra.application)
    assert entra.refresh(refresh_token).status_code == 200
    used, second = ApplicationSecret.objects.order_by("id")
    assert used.last_used is not None
    assert second.last_used is None
    assert not {entra.secret, unused} & {used.digest, used.salt, second.digest, second.salt}


def test_a_client_that_is_switched_off_gets_nothing(entra: Entra, refresh_token: str) -> None:
    entra.application.is_active = False
    entra.application.save()
    assert entra.refresh(refresh_token).status_code == 401

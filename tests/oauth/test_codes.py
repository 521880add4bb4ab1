"""Redeeming an authorization code (RFC 6749 §4.1.3, RFC 9700 §4.5 and §4.8)."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from oauth.applications import create_entra_application
from oauth.models import AccessToken, Connection, Grant, RefreshToken
from securelogin.directory.models import Domain, User
from tests.oauth.walk import Answer, Entra, present, status_of


def error_of(response: Answer) -> str:
    assert response.status_code == 400, response.content
    document = response.json()
    assert document["error_description"]
    return str(document["error"])


def test_a_code_gives_a_token_of_an_hour_for_the_managers_domain(entra: Entra, alice: User, mallory: User) -> None:
    response = entra.redeem(entra.authorize(alice)["code"])
    document = response.json()
    assert (document["token_type"], document["expires_in"], document["scope"]) == ("Bearer", 3600, "scim")
    assert response["Cache-Control"] == "no-store"
    assert present(f"Bearer {document['access_token']}").tenant.id == alice.domain_id


def test_neither_token_is_stored(entra: Entra, alice: User) -> None:
    document = entra.connect(alice)
    (access,), (refresh,) = AccessToken.objects.all(), RefreshToken.objects.all()
    assert (access.token, refresh.token) == ("", "")
    assert access.token_checksum == sha256(document["access_token"].encode()).hexdigest()
    assert refresh.token_checksum == sha256(document["refresh_token"].encode()).hexdigest()


def test_a_code_is_redeemed_once(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    document = entra.redeem(code).json()
    assert error_of(entra.redeem(code)) == "invalid_grant"
    assert status_of(document["access_token"]) == 200  # a retry, not a theft


def test_a_code_that_comes_back_later_ends_its_connection(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    document = entra.redeem(code).json()
    Connection.objects.update(redeemed=timezone.now() - timedelta(seconds=61))
    assert error_of(entra.redeem(code)) == "invalid_grant"
    assert status_of(document["access_token"]) == 401
    assert Connection.objects.get().revoked_by_name == "an authorization code used twice"


@pytest.mark.parametrize(
    "address", ["https://entra.microsoft.com/TokenAuthorize", "https://portal.azure.com/TokenAuthorize/", ""]
)
def test_a_code_is_bound_to_its_redirect_address(entra: Entra, alice: User, address: str) -> None:
    response = entra.redeem(entra.authorize(alice)["code"], redirect_uri=address)
    assert error_of(response) in {"invalid_request", "invalid_grant"}


def test_a_code_is_bound_to_its_client(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    assert error_of(Entra(*create_entra_application(name="Another")).redeem(code)) == "invalid_grant"


def test_a_code_expires_after_a_minute(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    left = Grant.objects.get().expires - timezone.now()
    assert timedelta(seconds=50) < left <= timedelta(seconds=60)
    Grant.objects.update(expires=timezone.now())
    assert error_of(entra.redeem(code)) == "invalid_grant"


@pytest.mark.parametrize("change", [{"active": False}, {"session_epoch": 1}])
def test_a_code_of_somebody_disabled_since_is_refused(entra: Entra, alice: User, change: dict[str, int]) -> None:
    code = entra.authorize(alice)["code"]
    User.objects.filter(pk=alice.pk).update(**change)
    assert error_of(entra.redeem(code)) == "invalid_grant"


def test_a_code_of_somebody_deleted_since_is_refused(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    alice.delete()
    assert error_of(entra.redeem(code)) == "invalid_grant"


def test_a_code_of_a_domain_suspended_since_is_refused(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    Domain.objects.filter(pk=alice.domain_id).update(state=Domain.State.SUSPENDED)
    assert error_of(entra.redeem(code)) == "invalid_grant"


def test_a_challenge_must_be_answered_by_its_verifier(entra: Entra, alice: User) -> None:
    verifier = "v" * 43
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert error_of(entra.redeem(entra.authorize(alice, **pkce)["code"])) == "invalid_request"
    wrong = entra.redeem(entra.authorize(alice, **pkce)["code"], code_verifier="w" * 43)
    assert error_of(wrong) == "invalid_grant"
    assert entra.redeem(entra.authorize(alice, **pkce)["code"], code_verifier=verifier).status_code == 200


def test_a_verifier_without_a_challenge_is_a_downgrade(entra: Entra, alice: User) -> None:
    response = entra.redeem(entra.authorize(alice)["code"], code_verifier="v" * 43)
    assert error_of(response) == "invalid_grant"


@pytest.mark.parametrize("grant_type", ["password", "implicit", ""])
def test_no_other_grant_is_offered(entra: Entra, alice: User, grant_type: str) -> None:
    response = entra.token(grant_type=grant_type, username=alice.user_name, password="x", scope="scim")
    assert error_of(response) == "unsupported_grant_type"

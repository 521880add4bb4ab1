"""What authorization servers have stumbled over: parameters nobody asked for, costly secrets, near-miss addresses."""

import pytest
from django.conf import settings
from django.contrib.auth import hashers

from securelogin.directory.models import User
from tests.oauth.walk import REDIRECT, Entra


@pytest.mark.parametrize(
    "name, value",
    [
        ("prompt", "login"),
        ("prompt", "none"),
        ("prompt", "consent"),
        ("approval_prompt", "auto"),
        ("approval_prompt", "force"),
        ("login_hint", "alice"),
        ("resource", "https://scim.example/"),
        ("max_age", "0"),
        ("nonce", "n"),
        ("response_mode", "query"),
    ],
)
def test_a_parameter_that_means_nothing_here_changes_nothing(entra: Entra, alice: User, name: str, value: str) -> None:
    login_page = entra.press_authorize("acme", **{name: value})
    assert login_page.startswith("/d/acme/login")
    assert entra.redeem(entra.authorize(alice, **{name: value})["code"]).status_code == 200


@pytest.mark.parametrize("name", ["state", "scope", "client_id", "redirect_uri", "code_challenge", "x"])
def test_a_megabyte_in_the_address_is_refused(entra: Entra, name: str) -> None:
    response = entra.browser.get(entra.authorize_url(**{name: "s" * 1_000_000}))
    assert (response.status_code, "Location" in response) == (400, False)


NEAR_MISSES = [
    *(REDIRECT.replace("https", "http"), REDIRECT.replace("https", "HTTPS"), REDIRECT.upper(), REDIRECT.lower()),
    *(
        REDIRECT + tail
        for tail in ("/", "//", "?", "?x=1", "#", "#x", ";x", "%2f", "/../x", "%00", " ", ".", "\\", "&")
    ),
    *(REDIRECT.replace("portal", host) for host in ("evil.portal", "portal.azure.com.evil", "*", "portal:443@evil")),
    *(REDIRECT.replace(".com", end) for end in (".com:443", ".com:8443", ".com.", ".com@evil.example", ".co")),
    *("//portal.azure.com/TokenAuthorize", "/TokenAuthorize", "javascript:alert(1)", "data:text/html,x", "urn:x:y"),
    *("https://portal.azure.com", "https:portal.azure.com/TokenAuthorize", "https://portal.azure.com/tokenauthorize"),
    *(f"{REDIRECT} {REDIRECT}", f"https://evil.example/{REDIRECT}", "http://127.0.0.1/TokenAuthorize", "about:blank"),
]


@pytest.mark.parametrize("address", NEAR_MISSES)
def test_an_address_that_is_nearly_right_gets_no_redirect(entra: Entra, address: str) -> None:
    response = entra.browser.get(entra.authorize_url(redirect_uri=address))
    assert (response.status_code, "Location" in response) == (400, False)


def test_checking_a_client_costs_no_slow_hash(entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    code = entra.authorize(alice)["code"]

    def slow(*_arguments: object, **_options: object) -> str:
        raise AssertionError("A password hasher was asked.")

    for name in ("make_password", "check_password", "get_hasher"):
        monkeypatch.setattr(hashers, name, slow)
    assert entra.redeem(code).status_code == 200
    assert entra.token(grant_type="refresh_token", refresh_token="x", client_secret="wrong").status_code == 401


def test_the_libraries_that_print_tokens_when_debugging_are_kept_from_it() -> None:
    levels = {name: logger["level"] for name, logger in settings.LOGGING["loggers"].items()}
    assert levels["oauthlib"] == levels["oauth2_provider"] == "WARNING"

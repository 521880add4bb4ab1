"""Authorize → Go to domain → login → back with a code (RFC 6749 §4.1)."""

from unittest.mock import patch

import pytest
from django.test import Client

from oauth.models import Connection, Grant
from securelogin.directory.models import Domain, Role, User
from tests.oauth.walk import REDIRECT, Entra, answer_of, path_of
from tests.people import PASSWORD, make_user


def test_a_manager_returns_to_entra_with_a_code_and_the_state_as_sent(entra: Entra, alice: User, mallory: User) -> None:
    answer = entra.authorize(alice, state="a b&c=d/é")
    assert answer["state"] == "a b&c=d/é"
    assert answer["iss"] == "http://127.0.0.1:8000"
    assert Grant.objects.get(code=answer["code"]).connection.domain == alice.domain


def test_both_spellings_of_the_address_start_the_flow(entra: Entra) -> None:
    for path in ("/oauth/authorize?", "/oauth/authorize/?"):
        response = Client().get(entra.authorize_url().replace("/oauth/authorize?", path))
        assert path_of(response["Location"]) == "/go"


def test_the_pages_are_those_of_the_tutorial(entra: Entra, alice: User) -> None:
    go = entra.browser.get(entra.authorize_url())["Location"]
    page = entra.browser.get(go).content.decode()
    assert "<h1>Go to domain</h1>" in page
    assert 'name="domain"' in page
    assert ">Go</button>" in page
    page = entra.browser.get(entra.browser.get(f"{go}&domain=acme")["Location"]).content.decode()
    assert "<h1>Sign in to acme</h1>" in page
    assert 'name="username"' in page
    assert 'name="password"' in page
    assert ">Login</button>" in page
    assert "Microsoft Entra ID asks to create, change, disable and remove the users and groups" in page
    assert "replaces any earlier connection" in page
    assert alice.user_name not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": ""},
        {"redirect_uri": "https://evil.example/TokenAuthorize"},
        {"redirect_uri": REDIRECT + "/"},
        {"redirect_uri": REDIRECT + "?x=1"},
        {"redirect_uri": "https://portal.azure.com@evil.example/TokenAuthorize"},
        {"redirect_uri": ""},
    ],
)
def test_a_bad_client_or_address_gets_a_page_and_no_redirect(entra: Entra, changes: dict[str, str]) -> None:
    response = entra.browser.get(entra.authorize_url(**changes))
    assert response.status_code == 400
    assert "Location" not in response
    assert "start again in Entra" in response.content.decode()


def test_an_application_that_is_switched_off_is_unknown(entra: Entra) -> None:
    entra.application.is_active = False
    entra.application.save()
    assert entra.browser.get(entra.authorize_url()).status_code == 400


@pytest.mark.parametrize(
    "changes,error",
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_another_fault_is_told_to_the_client_with_its_state(entra: Entra, changes: dict[str, str], error: str) -> None:
    answer = answer_of(entra.browser.get(entra.authorize_url(state="s", **changes)))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "s", "http://127.0.0.1:8000")


def test_an_empty_scope_counts_as_none(entra: Entra, alice: User) -> None:
    go = entra.browser.get(entra.authorize_url() + "&scope=")["Location"]
    login_page = entra.browser.get(f"{go}&domain=acme")["Location"]
    answer = answer_of(entra.browser.get(entra.sign_in(login_page, alice)["Location"]))
    assert entra.redeem(answer["code"]).json()["scope"] == "scim"


def test_cancel_tells_the_client_that_access_was_denied(entra: Entra, alice: User) -> None:
    page = entra.browser.get(entra.press_authorize("acme", state="s&t")).content.decode()
    link = page.split('">Cancel</a>')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert link.startswith(REDIRECT + "?error=access_denied&")
    assert "state=s%26t" in link


def test_who_is_signed_in_already_signs_in_again(entra: Entra, alice: User) -> None:
    entra.browser.post("/d/acme/login", {"username": alice.user_name, "password": PASSWORD})
    assert path_of(entra.browser.get(entra.authorize_url())["Location"]) == "/go"


def test_one_sign_in_gives_one_code(entra: Entra, alice: User) -> None:
    back = entra.sign_in(entra.press_authorize("acme"), alice)["Location"]
    assert "code" in answer_of(entra.browser.get(back))
    assert path_of(entra.browser.get(back)["Location"]) == "/go"


def test_a_request_that_differs_from_the_one_shown_is_not_granted(entra: Entra, alice: User) -> None:
    back = entra.sign_in(entra.press_authorize("acme"), alice)["Location"]
    assert path_of(entra.browser.get(back.replace("state=1", "state=2"))["Location"]) == "/go"


def test_an_errand_is_worthless_in_another_browser(entra: Entra, alice: User) -> None:
    login_page = entra.press_authorize("acme")
    response = Client().post(login_page, {"username": alice.user_name, "password": PASSWORD})
    assert response.status_code == 400
    assert "Start again in Entra" in response.content.decode()


def test_an_errand_is_signed_for_once(entra: Entra, alice: User) -> None:
    login_page = entra.press_authorize("acme")
    assert entra.sign_in(login_page, alice).status_code == 303
    assert entra.sign_in(login_page, alice).status_code == 400


def test_an_errand_that_runs_out_during_the_sign_in_starts_again(entra: Entra, alice: User) -> None:
    login_page = entra.press_authorize("acme")
    expired = patch("securelogin.signin.views.errands.unsigned", return_value={})
    with expired:
        back = entra.sign_in(login_page, alice)["Location"]
    assert path_of(entra.browser.get(back)["Location"]) == "/go"


def test_an_errand_older_than_ten_minutes_starts_again(
    entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    login_page = entra.press_authorize("acme")
    monkeypatch.setattr("securelogin.signin.errands.LIFETIME", -1)
    response = entra.sign_in(login_page, alice)
    assert response.status_code == 400
    assert "press Authorize once more" in response.content.decode()


def test_two_tabs_come_to_their_end_independently(entra: Entra, alice: User) -> None:
    first, second = entra.press_authorize("acme", state="first"), entra.press_authorize("acme", state="second")
    for login_page, state in ((second, "second"), (first, "first")):
        answer = answer_of(entra.browser.get(entra.sign_in(login_page, alice)["Location"]))
        assert answer["state"] == state


def test_the_tab_of_another_person_survives_a_sign_in(entra: Entra, alice: User, mallory: User) -> None:
    waiting = entra.press_authorize("umbra")
    entra.authorize(alice)
    answer = answer_of(entra.browser.get(entra.sign_in(waiting, mallory)["Location"]))
    assert Grant.objects.get(code=answer["code"]).connection.domain == mallory.domain


def test_who_is_disabled_before_the_code_gets_none(entra: Entra, alice: User) -> None:
    back = entra.sign_in(entra.press_authorize("acme"), alice)["Location"]
    User.objects.filter(pk=alice.pk).update(active=False, session_epoch=1)
    assert path_of(entra.browser.get(back)["Location"]) == "/go"
    User.objects.filter(pk=alice.pk).update(active=True)
    assert path_of(entra.browser.get(back)["Location"]) == "/go"


@pytest.mark.parametrize("role", [None, Role.AUDITOR])
def test_who_may_not_connect_is_told_whom_to_ask(entra: Entra, acme: Domain, alice: User, role: str | None) -> None:
    bob = make_user(acme, "bob@acme.example", role)
    response = entra.sign_in(entra.press_authorize("acme"), bob)
    assert response.status_code == 403
    assert alice.user_name in response.content.decode()
    assert not Connection.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONNECTOR])
def test_admins_and_connectors_may_connect(entra: Entra, acme: Domain, role: str) -> None:
    assert "code" in entra.authorize(make_user(acme, "carol@acme.example", role))


def test_a_manager_of_another_domain_is_nobody_here(entra: Entra, acme: Domain, mallory: User) -> None:
    assert entra.sign_in(entra.press_authorize("acme"), mallory).status_code == 401


def test_nobody_connects_the_operators_domain(entra: Entra, db: None) -> None:
    operators = Domain.objects.create(name="operators", display_name="Operators", kind=Domain.Kind.OPERATORS)
    oscar = make_user(operators, "oscar", Role.OWNER)
    assert entra.sign_in(entra.press_authorize("operators"), oscar).status_code == 403


def test_a_client_that_needs_pkce_is_refused_without_it(entra: Entra) -> None:
    entra.application.pkce_required = True
    entra.application.save()
    assert answer_of(entra.browser.get(entra.authorize_url()))["error"] == "invalid_request"


@pytest.mark.parametrize("challenge,method", [("a" * 43, "plain"), ("a" * 43, ""), ("a" * 500, "S256"), ("ü", "S256")])
def test_a_wrong_challenge_is_refused_before_anybody_signs_in(entra: Entra, challenge: str, method: str) -> None:
    address = entra.authorize_url(code_challenge=challenge, code_challenge_method=method)
    assert answer_of(entra.browser.get(address))["error"] == "invalid_request"

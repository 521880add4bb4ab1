"""What makes a secret asks for the password once more: throttled as the login is, and good for ten minutes."""

from collections.abc import Iterator

import pytest
from django.test import Client

from oauth.models import AccessKey
from securelogin.directory.models import User
from securelogin.signin import sudo
from tests.console.forms import fill_in

GENERATE = "/d/acme/profile/access-key/generate/"
TERMS = {"name": "Entra", "scope": "scim", "lifetime": ""}
ASKED = [
    GENERATE,
    "/d/acme/connection/client/",
    "/d/acme/connection/federation/",
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time that sudo goes by, which a test may set."""
    now = [1_000_000.0]
    monkeypatch.setattr(sudo.time, "time", lambda: now[0])
    return now


@pytest.mark.parametrize("address", ASKED)
def test_the_password_is_asked_for_though_one_is_signed_in(manager: Client, address: str) -> None:
    assert 'name="password"' in manager.get(address).content.decode()


@pytest.mark.parametrize("password", ["wrong", "", "x" * 1001, "nul\x00"])
def test_without_the_right_password_there_is_no_key(manager: Client, password: str) -> None:
    answer = fill_in(manager, GENERATE, **TERMS, password=password)
    assert answer.status_code == 400
    assert not AccessKey.objects.exists()


def test_a_wrong_password_is_said_to_be_wrong_and_not_sent_back(manager: Client) -> None:
    page = fill_in(manager, GENERATE, **TERMS, password="wrong password").content.decode()
    assert "That is not your password." in page
    assert "wrong password" not in page


def test_ten_minutes_long_it_is_not_asked_for_again(manager: Client, clock: list[float]) -> None:
    fill_in(manager, GENERATE, **TERMS)
    clock[0] += 599
    assert 'name="password"' not in manager.get(GENERATE).content.decode()
    assert fill_in(manager, GENERATE, **TERMS).status_code == 200
    clock[0] += 601
    assert 'name="password"' in manager.get(GENERATE).content.decode()


def test_leaving_the_password_out_of_a_form_does_not_help(manager: Client) -> None:
    page = manager.get(GENERATE)
    answer = manager.post(GENERATE, TERMS | {"ticket": page.context["form"].initial["ticket"]})
    assert answer.status_code == 400
    assert not AccessKey.objects.exists()


def test_another_session_of_hers_is_asked_for_itself(manager: Client, alice: User) -> None:
    fill_in(manager, GENERATE, **TERMS)
    other = Client()
    other.force_login(alice)
    assert 'name="password"' in other.get(GENERATE).content.decode()


def test_guessing_here_is_slowed_down_as_at_the_login(manager: Client, alice: User) -> None:
    for _ in range(6):
        fill_in(manager, GENERATE, **TERMS, password="guess")
    assert fill_in(manager, GENERATE, **TERMS).status_code == 400  # the right one has to wait too
    login = Client().post("/d/acme/login", {"username": "alice@acme.example", "password": "correct horse battery"})
    assert login.status_code == 401


def test_terms_that_are_wrong_cost_no_attempt(manager: Client) -> None:
    for _ in range(8):
        fill_in(manager, GENERATE, **TERMS | {"name": " "}, password="guess")
    assert fill_in(manager, GENERATE, **TERMS).status_code == 200

"""Pressing Authorize: from the first page to the code, and what is said when the way ends early."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from entra.authorize import authorize
from entra.failure import SignInFailed
from entra.options import Authorize, Client
from tests.entra.fake_oauth import REDIRECT_URI, FakeOAuth, serving_oauth


@pytest.fixture
def oauth() -> FakeOAuth:
    return FakeOAuth()


@pytest.fixture
def login(oauth: FakeOAuth) -> Iterator[Authorize]:
    with serving_oauth(oauth) as address:
        client = Client(f"{address}/token", "entra", "secret")
        yield Authorize(f"{address}/authorize", client, "acme", "alice", "right", REDIRECT_URI)


def test_the_walk_ends_with_the_code_and_never_visits_entra(login: Authorize) -> None:
    assert authorize(login) == "the code"


def test_the_first_request_carries_a_constant_state_and_no_pkce(login: Authorize, oauth: FakeOAuth) -> None:
    authorize(login)
    expected = {"client_id": "entra", "response_type": "code", "redirect_uri": REDIRECT_URI, "state": "1"}
    assert oauth.first == expected


def test_each_form_is_filled_in_with_its_hidden_fields(login: Authorize, oauth: FakeOAuth) -> None:
    authorize(login)
    assert oauth.posts == [
        ("/domain", {"csrf": "c&1", "domain": "acme"}),
        ("/login", {"csrf": "c2", "username": "alice", "password": "right", "press": "login"}),
    ]


def test_a_form_is_sent_from_the_page_it_stood_on(login: Authorize, oauth: FakeOAuth) -> None:
    authorize(login)
    assert [str(each).split("?")[0].rsplit("/", 1)[1] for each in oauth.referers] == ["choose", "login"]


def test_a_refused_login_tells_what_the_page_says(login: Authorize) -> None:
    with pytest.raises(SignInFailed, match=r"The password is not right\."):
        authorize(replace(login, password="wrong"))


def test_another_state_is_not_accepted(login: Authorize, oauth: FakeOAuth) -> None:
    oauth.state = "2"
    with pytest.raises(SignInFailed, match=r"came back as \['2'\]"):
        authorize(login)


def test_a_page_without_the_form_is_the_end(login: Authorize) -> None:
    with pytest.raises(SignInFailed, match="answered 404 and says: Lost"):
        authorize(replace(login, url=login.url.replace("authorize", "elsewhere")))


def test_a_server_that_is_not_there_is_named(login: Authorize) -> None:
    with pytest.raises(SignInFailed, match="cannot be reached"):
        authorize(replace(login, url="http://127.0.0.1:1/authorize"))

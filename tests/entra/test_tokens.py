"""Tokens: each way to sign in, where the client's secret goes, and when they are renewed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entra import tokens
from entra.failure import SignInFailed
from entra.options import Authorize, Client, ClientCredentials, Federation, Placement, SecretToken
from tests.entra.fake_oauth import REDIRECT_URI, FakeOAuth, serving_oauth


@pytest.fixture
def oauth() -> FakeOAuth:
    return FakeOAuth()


@pytest.fixture
def address(oauth: FakeOAuth) -> Iterator[str]:
    with serving_oauth(oauth) as address:
        yield address


def client(address: str, placement: Placement = Placement.BODY) -> Client:
    return Client(f"{address}/token", "entra", "s/c:t", placement)


def test_a_secret_token_is_used_as_it_is() -> None:
    wallet = tokens.wallet(SecretToken("pasted"), always=True)
    wallet.open()
    wallet.refresh()
    assert wallet.bearer() == "pasted"


def test_a_code_is_exchanged_and_the_refresh_token_used_before_each_cycle(address: str, oauth: FakeOAuth) -> None:
    oauth.grants["refresh_token"] = "R1"
    login = Authorize(f"{address}/authorize", client(address), "acme", "alice", "right", REDIRECT_URI)
    wallet = tokens.wallet(login, always=True)
    wallet.refresh()
    wallet.open()
    oauth.grants = {"access_token": "A2", "token_type": "bearer", "expires_in": 3600}
    for _ in range(2):
        wallet.refresh()
    own = {"client_id": "entra", "client_secret": "s/c:t"}
    code = {"grant_type": "authorization_code", "code": "the code", "redirect_uri": REDIRECT_URI}
    refresh = {"grant_type": "refresh_token", "refresh_token": "R1"}
    assert [fields for path, fields in oauth.posts if path == "/token"] == [code | own, refresh | own, refresh | own]
    assert wallet.bearer() == "A2"


@pytest.mark.parametrize("lifetime,asked", [(3600, 1), (60, 2)])
def test_a_token_is_renewed_when_it_is_about_to_run_out(
    address: str, oauth: FakeOAuth, lifetime: int, asked: int
) -> None:
    oauth.grants["expires_in"] = lifetime
    wallet = tokens.wallet(ClientCredentials(client(address)), always=False)
    wallet.open()
    wallet.refresh()
    assert len(oauth.posts) == asked


@pytest.mark.parametrize(
    "placement,basic,in_body",
    [
        (Placement.HEADER, "entra:s%2Fc%3At", False),
        (Placement.BODY, "", True),
        (Placement.BOTH, "entra:s%2Fc%3At", True),
    ],
)
def test_the_secret_goes_where_entra_puts_it(
    address: str,
    oauth: FakeOAuth,
    placement: Placement,
    basic: str,
    in_body: bool,  # noqa: FBT001 - the case
) -> None:
    tokens.wallet(ClientCredentials(client(address, placement)), always=False).open()
    assert oauth.basic == basic
    assert ("client_secret" in oauth.posts[0][1]) is in_body


def test_an_assertion_stands_in_for_a_secret(address: str, oauth: FakeOAuth, tmp_path: Path) -> None:
    file = tmp_path / "assertion"
    file.write_text("e.y.J\n")
    tokens.wallet(Federation(client(address), file), always=False).open()
    fields = oauth.posts[0][1]
    assert fields["client_assertion"] == "e.y.J"
    assert fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in fields


@pytest.mark.parametrize(
    "grants,sentence",
    [
        ({"error": "invalid_client"}, "answered 400.*invalid_client"),
        ({"access_token": "A", "token_type": "Bearer", "expires_in": "soon"}, "must be a number of seconds"),
        ({"access_token": "A", "token_type": "mac"}, "Entra can only use Bearer"),
    ],
)
def test_what_is_no_token_ends_the_sign_in(
    address: str, oauth: FakeOAuth, grants: dict[str, str], sentence: str
) -> None:
    oauth.grants = grants
    with pytest.raises(SignInFailed, match=sentence):
        tokens.wallet(ClientCredentials(client(address)), always=False).open()


@pytest.mark.parametrize("lifetime,remarked", [(3599, True), (3600, False), (21600, False), (36000, True)])
def test_a_lifetime_outside_one_to_six_hours_is_remarked(lifetime: float, remarked: bool) -> None:  # noqa: FBT001
    assert bool(tokens.Tokens("A", lifetime).remark) is remarked

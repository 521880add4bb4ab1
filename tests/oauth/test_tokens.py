"""How tokens are spelled: recognisable to secret scanners, and checked before they cost a query."""

import re
from collections.abc import Callable

import pytest

from oauth.tokens import hint, new_access_token, new_key, new_refresh_token, new_secret, prefix_of


def test_each_kind_has_its_prefix_and_one_length() -> None:
    made = {"sloat_": new_access_token, "slort_": new_refresh_token, "slocs_": new_secret, "slak_": new_key}
    for prefix, make in made.items():
        assert re.fullmatch(prefix + r"[0-9A-Za-z]{46}", make())


@pytest.mark.parametrize("make, prefix", [(new_access_token, "sloat_"), (new_key, "slak_")])
def test_what_may_be_presented_is_recognised_and_every_single_typo_is_not(make: Callable[[], str], prefix: str) -> None:
    token = make()
    assert prefix_of(token) == prefix
    for place in range(len(token)):
        typo = token[:place] + ("x" if token[place] != "x" else "y") + token[place + 1 :]
        assert prefix_of(typo) is None


def test_only_ascii_of_the_right_length_is_a_token() -> None:
    token = new_access_token()
    for other in (token + "\n", " " + token, token.upper(), token[:-1] + "é", ""):
        assert prefix_of(other) is None


def test_no_secret_and_no_refresh_token_may_be_presented() -> None:
    assert [prefix_of(make()) for make in (new_refresh_token, new_secret)] == [None, None]


def test_the_hint_of_a_key_gives_little_away() -> None:
    key = new_key()
    assert re.fullmatch(r"slak_\w{7}", hint(key))
    assert key.startswith(hint(key))


def test_no_two_tokens_are_alike() -> None:
    assert len({new_access_token() for _ in range(1000)}) == 1000

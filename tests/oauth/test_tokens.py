"""How tokens are spelled: recognisable to secret scanners, and checked before they cost a query."""

import re

from oauth.tokens import is_access_token, new_access_token, new_refresh_token, new_secret


def test_each_kind_has_its_prefix_and_one_length() -> None:
    for make, prefix in ((new_access_token, "sloat_"), (new_refresh_token, "slort_"), (new_secret, "slocs_")):
        assert re.fullmatch(prefix + r"[0-9A-Za-z]{46}", make())


def test_an_access_token_is_recognised_and_every_single_typo_is_not() -> None:
    token = new_access_token()
    assert is_access_token(token)
    for place in range(len(token)):
        typo = token[:place] + ("x" if token[place] != "x" else "y") + token[place + 1 :]
        assert not is_access_token(typo)


def test_only_ascii_of_the_right_length_is_a_token() -> None:
    token = new_access_token()
    for other in (token + "\n", " " + token, token.upper(), token[:-1] + "é", ""):
        assert not is_access_token(other)


def test_no_two_tokens_are_alike() -> None:
    assert len({new_access_token() for _ in range(1000)}) == 1000

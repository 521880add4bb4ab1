"""A cursor says where a list goes on, and fits no other list. RFC 9865 §2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.protocol.cursors import Place, issue, redeem
from scim.protocol.errors import InvalidCursor
from scim.protocol.messages import read_search

ID = "01a200b6-4176-7126-93db-6e219d544cd8"
SEARCH = read_search({"filter": 'userName sw "a"', "count": 10})


@pytest.mark.parametrize("place", [Place(after=ID), Place(offset=0), Place(offset=2**31 - 1)])
def test_what_was_issued_leads_to_its_place(place: Place) -> None:
    question = {"filter": 'userName sw "a"', "count": 500}  # another size of page is the same list
    assert redeem(read_search(question | {"cursor": issue(place, SEARCH)})) == place


def test_an_empty_cursor_leads_to_the_beginning() -> None:
    assert redeem(read_search({"cursor": ""})) == Place()


@given(st.text(min_size=1))
def test_whatever_else_is_sent_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidCursor, match="nextCursor"):
        redeem(read_search({"cursor": text}))


@given(st.binary(min_size=1, max_size=40))
def test_a_cursor_that_was_tampered_with_leads_nowhere_else(noise: bytes) -> None:
    cursor = issue(Place(after=ID), SEARCH)
    changed = cursor[: len(noise) % len(cursor)] + noise.hex()
    with pytest.raises(InvalidCursor):
        redeem(read_search({"cursor": changed}))

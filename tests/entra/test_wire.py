"""URLs, to the letter: what Microsoft's query composer makes of a request."""

import pytest

from entra import wire
from entra.dialect import Chaos, Style
from entra.operations import Kind

PLAIN = Style()


def odd(*chaos: Chaos) -> Style:
    return Style(chaos=frozenset(chaos))


def test_a_space_becomes_a_plus_and_hexadecimal_digits_are_small() -> None:
    assert (
        wire.encode('emails[type eq "work"]: a@b/é (!*-_.)')
        == "emails%5btype+eq+%22work%22%5d%3a+a%40b%2f%c3%a9+(!*-_.)"
    )


def test_a_user_is_matched_by_name() -> None:
    path = wire.match(Kind.USER, "userName", "ann@contoso.com", PLAIN).path
    assert path == "/Users?filter=userName+eq+%22ann%40contoso.com%22"


def test_a_user_is_matched_by_a_valued_path() -> None:
    path = wire.match(Kind.USER, 'emails[type eq "work"].value', "ann@contoso.com", PLAIN).path
    assert path == "/Users?filter=emails%5btype+eq+%22work%22%5d.value+eq+%22ann%40contoso.com%22"


def test_a_user_is_matched_by_an_attribute_of_an_extension() -> None:
    attribute = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"
    path = wire.match(Kind.USER, attribute, "7", PLAIN).path
    urn = "urn%3aietf%3aparams%3ascim%3aschemas%3aextension%3aenterprise%3a2.0%3aUser%3aemployeeNumber"
    assert path == f"/Users?filter={urn}+eq+%227%22"


def test_a_group_is_matched_without_its_members() -> None:
    path = wire.match(Kind.GROUP, "displayName", "Sales & Ops", PLAIN).path
    assert path == "/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales+%26+Ops%22"


def test_a_probe_asks_for_a_name_that_is_new_each_time() -> None:
    first, second = (wire.probe(Kind.USER, "userName", PLAIN).path for _ in range(2))
    assert first.startswith("/Users?filter=userName+eq+%22")
    assert first != second


def test_a_line_manager_is_checked_by_id_and_reference() -> None:
    path = wire.check_manager("U1", "M1", PLAIN).path
    assert path == "/Users?attributes=id&filter=id+eq+%22U1%22+and+manager+eq+%22M1%22"


def test_the_terms_of_a_check_may_be_swapped_and_unquoted() -> None:
    path = wire.check_member("G1", "U1", odd(Chaos.SWAPPED_TERMS, Chaos.UNQUOTED_FILTERS)).path
    assert path == "/Groups?attributes=id&filter=members+eq+U1+and+id+eq+G1"


def test_a_value_of_two_words_keeps_its_quotes() -> None:
    path = wire.match(Kind.USER, "displayName", "Ann Lee", odd(Chaos.UNQUOTED_FILTERS)).path
    assert path == "/Users?filter=displayName+eq+%22Ann+Lee%22"


def test_quotes_within_a_value_are_not_escaped_for_the_filter() -> None:
    path = wire.match(Kind.GROUP, "displayName", 'The "Big" Team', PLAIN).path
    assert path.endswith("filter=displayName+eq+%22The+%22Big%22+Team%22")


def test_quotes_may_arrive_raw() -> None:
    path = wire.match(Kind.USER, "externalId", "9edf", odd(Chaos.RAW_QUOTES)).path
    assert path == '/Users?filter=externalId+eq+"9edf"'


@pytest.mark.parametrize(
    "name,sent", [("100 % é", "100+%25+%C3%A9"), ("Łódź", "%C5%81%C3%B3d%C5%BA"), ("a\\b", "a%5Cb")]
)
def test_what_may_not_stand_in_a_url_is_escaped_last(name: str, sent: str) -> None:
    assert wire.match(Kind.USER, "userName", name, PLAIN).path == f"/Users?filter=userName+eq+%22{sent}%22"


def test_a_group_is_read_without_its_members_and_a_user_whole() -> None:
    assert wire.read(Kind.GROUP, "40734", PLAIN).path == "/Groups/40734?excludedAttributes=members"
    assert wire.read(Kind.USER, "a/b c", PLAIN).path == "/Users/a%2Fb%20c"


def test_a_page_names_its_start_before_its_size() -> None:
    assert wire.page(Kind.USER, 6, 5, PLAIN).path == "/Users?startIndex=6&count=5"


def test_slashes_and_the_flag_come_along_on_demand() -> None:
    style = odd(Chaos.TRAILING_SLASH, Chaos.DOUBLE_SLASH, Chaos.FLAG_IN_QUERY)
    assert wire.read(Kind.USER, "U1", style).path == "//Users/U1/?aadOptscim062020"
    assert wire.page(Kind.USER, 1, 5, style).path == "//Users/?aadOptscim062020&startIndex=1&count=5"

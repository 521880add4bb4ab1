"""«Go to domain»: one spelling for each name, no look-alikes, and no word about which domains exist."""

import pytest
from django.test import Client

from securelogin.directory.models import Domain
from securelogin.directory.names import BadDomainNameError, clean_domain_name, new_domain_name

ODD = ["соntoso", "\u212aelvin", "a\u200bb", "ａｃｍｅ"]  # noqa: RUF001  # Cyrillic, Kelvin sign, zero width, full width
WRONG = [*ODD, "", "xn--acme", "//evil", "a@evil", "a/../b", "-a", "a-", "a.b", "a b", "a\x00", "x" * 64, "a\nb"]


@pytest.mark.parametrize("text", ["acme", " ACME ", "Acme.", "\tacme\n"])
def test_a_name_has_one_spelling(text: str) -> None:
    assert clean_domain_name(text) == "acme"


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(BadDomainNameError, match="A domain name"):
        clean_domain_name(text)


@pytest.mark.parametrize("text", WRONG)
def test_the_page_says_what_a_name_looks_like(db: None, text: str) -> None:
    response = Client().get("/go", {"domain": text})
    assert response.status_code == 400
    assert 'class="error"' in response.content.decode()


def test_known_and_unknown_names_lead_to_their_login_page_alike(acme: Domain) -> None:
    for name in ("acme", "nowhere"):
        response = Client().get("/go", {"domain": name.upper()})
        assert (response.status_code, response["Location"]) == (302, f"/d/{name}/login")


def test_a_reserved_name_is_no_new_domain() -> None:
    with pytest.raises(BadDomainNameError, match="reserved"):
        new_domain_name("oauth")


@pytest.mark.parametrize("name,twin", [("acrne", "acme"), ("0live", "olive"), ("a-cme", "acme"), ("pau1", "paul")])
def test_a_name_that_looks_like_another_is_no_new_domain(name: str, twin: str) -> None:
    with pytest.raises(BadDomainNameError, match=f"looks like {twin}"):
        new_domain_name(name, frozenset({twin, "other"}))


def test_a_name_of_its_own_is_a_new_domain() -> None:
    assert new_domain_name("Umbra", frozenset({"acme"})) == "umbra"

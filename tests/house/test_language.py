"""In which language a page speaks: the browser's, the cookie's, the person's, or the one that she chose just now."""

import pytest
from django.db import OperationalError
from django.test import Client

from securelogin.directory.models import User
from securelogin.language import supported


@pytest.mark.parametrize(
    "header, heading",
    [
        ("nl", "Ga naar domein"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "Ga naar domein"),
        ("fr", "Go to domain"),
        ("fr,nl;q=0.5", "Ga naar domein"),
        ("", "Go to domain"),
        (";;;q=", "Go to domain"),
    ],
)
def test_a_browser_asks_for_a_language(client: Client, header: str, heading: str) -> None:
    answer = client.get("/go", headers={"Accept-Language": header})
    assert heading in answer.content.decode()
    assert answer["Content-Language"] in answer.content.decode().partition("<head>")[0]


def test_a_choice_is_kept_and_leads_back(client: Client) -> None:
    page = "http://testserver/go?domain="
    assert client.post("/language", {"language": "nl"}, headers={"Referer": page})["Location"] == page
    assert "Ga naar domein" in client.get("/go").content.decode()
    client.post("/language", {"language": "en"})
    assert "Go to domain" in client.get("/go", headers={"Accept-Language": "nl"}).content.decode()


@pytest.mark.parametrize("form", [{}, {"language": "xx"}, {"language": "nl\x00"}, {"language": "../../etc"}])
def test_a_choice_that_is_none_changes_nothing(client: Client, form: dict[str, str]) -> None:
    assert client.post("/language", form).status_code == 302
    assert "Go to domain" in client.get("/go").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_choice_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    assert client.post("/language", {"language": "nl", "next": elsewhere})["Location"] == "/"
    assert client.post("/language", {"language": "nl"}, headers={"Referer": elsewhere})["Location"] == "/"


def test_only_a_form_chooses(client: Client) -> None:
    assert client.get("/language?language=nl").status_code == 405


def test_who_signs_in_is_spoken_to_as_she_prefers(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(attributes={"preferredLanguage": "nl-NL"})
    client.post("/language", {"language": "en"})
    client.force_login(alice)
    assert ">Gebruikers<" in client.get("/d/acme/").content.decode()


def test_what_she_chooses_then_holds_until_she_logs_out(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(attributes={"preferredLanguage": "nl"})
    client.force_login(alice)
    client.post("/language", {"language": "en"})
    assert ">Users<" in client.get("/d/acme/").content.decode()
    client.post("/logout")
    client.force_login(alice)
    assert ">Gebruikers<" in client.get("/d/acme/").content.decode()


@pytest.mark.parametrize(
    "preference, language",
    [
        *(("nl", "nl"), ("nl-NL", "nl"), ("nl_NL", "nl"), ("NL-be", "nl"), ("en_US", "en"), ("fr, nl;q=0.5", "nl")),
        *(("fr", None), ("", None), ("  ", None), (None, None), (7, None), (["nl"], None), ("x" * 5000, None)),
        *(("\x00", None), ("nl\n", None), ("*", None)),
    ],
)
def test_a_preferred_language_may_be_spelled_as_entra_likes(preference: object, language: str | None) -> None:
    assert supported(preference) == language


def test_dates_are_written_as_each_language_does(client: Client, alice: User) -> None:
    client.force_login(alice)
    pages = [client.get("/d/acme/users/", headers={"Accept-Language": language}) for language in ("en", "nl")]
    assert f"{alice.modified:%Y-%m-%d %H:%M}" in pages[0].content.decode()
    assert f"{alice.modified:%d-%m-%Y %H:%M}" in pages[1].content.decode()


def test_a_database_that_is_away_leaves_the_browsers_language(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("gone")

    client.force_login(alice)
    monkeypatch.setattr("securelogin.signin.backend.DomainBackend.get_user", away)
    answer = client.get("/healthz", headers={"Accept-Language": "nl"})
    assert (answer.status_code, answer["Content-Language"]) == (200, "nl")


def test_scim_speaks_english_whatever_a_page_spoke(db: None, client: Client) -> None:
    client.get("/go", headers={"Accept-Language": "nl"})
    answer = client.get("/scim/v2/Users", headers={"Accept-Language": "nl"})
    assert "The access token is missing" in answer.json()["detail"]

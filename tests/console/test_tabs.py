"""The frame of the console: whose domain it is, the tabs, which of them one is in, and the Profile icon."""

import re

import pytest
from django.test import Client

from securelogin.console import tabs
from securelogin.console.tabs import Tab
from securelogin.directory.permissions import Permission


def current(page: str) -> list[tuple[str, str]]:
    return re.findall(r'aria-current="(\w+)">([^<]+)</a>', page)


@pytest.mark.parametrize(
    "address, marked",
    [
        ("", [("page", "Home")]),
        ("users/", [("page", "Users")]),
        ("groups/", [("page", "Groups")]),
        ("profile/", [("page", "Account")]),
    ],
)
def test_a_page_marks_its_own_tab(manager: Client, address: str, marked: list[tuple[str, str]]) -> None:
    assert current(manager.get(f"/d/acme/{address}").content.decode()) == marked


def test_the_masthead_says_where_and_who_one_is(manager: Client) -> None:
    masthead = manager.get("/d/acme/").content.decode().partition("</header>")[0]
    for words in ("Acme", "alice@acme.example", "Owner", 'href="/d/acme/profile/"', ">Profile<", 'action="/logout"'):
        assert words in masthead


def test_a_tab_that_a_role_may_not_see_is_not_shown(
    manager: Client, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "CONSOLE", (*tabs.CONSOLE, Tab("profile", "Owners only", Permission.EDIT_MANAGERS)))  # type: ignore[arg-type]  # a plain text will do
    assert "Owners only" in manager.get("/d/acme/").content.decode()
    assert "Owners only" not in auditor.get("/d/acme/").content.decode()


def test_nothing_is_kept_by_the_browser(manager: Client) -> None:
    assert "no-store" in manager.get("/d/acme/users/")["Cache-Control"]

"""Home counts a domain's users and groups; Users and Groups list them, a page at a time, at a constant cost."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from securelogin.console import listing
from securelogin.console.views import groups
from securelogin.directory.models import Domain
from tests.console.crowd import fill


def words(page: bytes) -> str:
    return " ".join(strip_tags(page.decode()).split())


def test_home_counts_users_and_groups_and_leads_to_them(manager: Client, acme: Domain) -> None:
    fill(acme, 9)
    page = manager.get("/d/acme/").content
    assert "10 users" in words(page)
    assert "1 group" in words(page)
    assert b'href="/d/acme/users/"' in page
    assert b'href="/d/acme/groups/"' in page


def test_users_and_groups_stand_there_with_their_numbers(manager: Client, acme: Domain) -> None:
    fill(acme, 9)
    assert "Pérson 003 p003@acme.example Disabled 1" in words(manager.get("/d/acme/users/").content)
    page = manager.get("/d/acme/groups/").content.decode()
    assert "Sales &amp; &lt;Ops&gt;" in page
    assert '<td class="number" data-heading="Members">7</td>' in page


def test_of_a_crowd_no_more_are_counted_than_is_said(
    manager: Client, acme: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(acme, 9)
    for most, said in ((6, "more than 6"), (7, "7")):
        monkeypatch.setattr(listing, "MOST_COUNTED", most)
        monkeypatch.setattr(groups, "MOST_COUNTED", most)
        assert f'data-heading="Members">{said}</td>' in manager.get("/d/acme/groups/").content.decode()


def neighbours(page: str) -> dict[str, str]:
    """Return where the page leads to, forth and back."""
    return {rel: unescape(address) for rel, address in re.findall(r'rel="(prev|next)" href="([^"]+)"', page)}


def rows(page: str) -> list[str]:
    return re.findall(r"<th scope=\"row\">.*?<bdi>([^<]+)</bdi>", page)


def test_long_lists_are_walked_forth_and_back(manager: Client, acme: Domain) -> None:
    fill(acme, 120)
    first = manager.get("/d/acme/users/").content.decode()
    walked, page = [rows(first)], first
    while "next" in neighbours(page):
        page = manager.get("/d/acme/users/" + neighbours(page)["next"]).content.decode()
        walked.append(rows(page))
    assert [len(part) for part in walked] == [50, 50, 21]
    assert len({name for part in walked for name in part}) == 121
    for part in reversed(walked[:-1]):
        page = manager.get("/d/acme/users/" + neighbours(page)["prev"]).content.decode()
        assert rows(page) == part
    assert neighbours(page).keys() == {"next"}


@pytest.mark.parametrize("asked", ["?after=%00", "?before=", "?before=zzz", "?page=7", "?after=&before="])
def test_an_address_that_nobody_was_given_shows_a_page(manager: Client, acme: Domain, asked: str) -> None:
    fill(acme, 3)
    assert len(rows(manager.get(f"/d/acme/users/{asked}").content.decode())) == 4


def test_beyond_the_end_a_way_leads_to_the_beginning(manager: Client, acme: Domain) -> None:
    page = manager.get("/d/acme/users/?after=zzz").content.decode()
    assert "There is no more." in page
    assert neighbours(page) == {"prev": "?"}


@pytest.mark.parametrize("page, statements", [("", 15), ("users/", 6), ("groups/", 6), ("trash/", 4), ("profile/", 3)])
def test_a_page_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries, page: str, statements: int
) -> None:
    fill(acme, 3)
    manager.get(f"/d/acme/{page}")  # the first of all begins the counting of cycles
    with django_assert_num_queries(statements):
        manager.get(f"/d/acme/{page}")
    fill(acme, 80, since=3)
    with django_assert_num_queries(statements):
        manager.get(f"/d/acme/{page}")

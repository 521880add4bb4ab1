"""Home counts a domain's users and groups; Users and Groups list them, a page at a time, at a constant cost."""

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

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
    assert '<td class="number">7</td>' in page


def test_long_lists_have_pages(manager: Client, acme: Domain) -> None:
    fill(acme, 60)
    first, second = (manager.get(f"/d/acme/users/?page={number}").content.decode() for number in (1, 2))
    assert "Page 1 of 2" in first
    assert "Pérson 059" not in first
    assert "Pérson 059" in second


@pytest.mark.parametrize("asked, shown", [("999", "Page 2 of 2"), ("nonsense", "Page 1 of 2"), ("-5", "Page 2 of 2")])
def test_a_page_that_is_not_there_shows_the_nearest(manager: Client, acme: Domain, asked: str, shown: str) -> None:
    fill(acme, 60)
    assert shown in manager.get(f"/d/acme/users/?page={asked}").content.decode()


@pytest.mark.parametrize("page, statements", [("", 5), ("users/", 5), ("groups/", 5), ("profile/", 3)])
def test_a_page_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries, page: str, statements: int
) -> None:
    fill(acme, 3)
    with django_assert_num_queries(statements):
        manager.get(f"/d/acme/{page}")
    fill(acme, 80, since=3)
    with django_assert_num_queries(statements):
        manager.get(f"/d/acme/{page}")

"""A group's pages: its members a page at a time, and what SCIM shows of it."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from securelogin.console.views import group as group_pages
from securelogin.directory.models import Domain
from tests.console.test_lists import neighbours, rows
from tests.scim.conftest import Scim, connect


def crowd(scim: Scim, number: int) -> list[str]:
    return [scim.user(f"p{each:03}@acme.example", displayName=f"P{each:03}") for each in range(number)]


def test_members_have_pages_and_are_found(manager: Client, scim: Scim) -> None:
    sales = scim.group("Sales", *crowd(scim, 60))
    address = f"/d/acme/groups/{sales}/"
    first = manager.get(address).content.decode()
    second = manager.get(address + neighbours(first)["next"]).content.decode()
    assert [*rows(first), *rows(second)] == [f"P{each:03}" for each in range(60)]
    assert rows(manager.get(address + "?q=p05").content.decode()) == [f"P{each:03}" for each in range(50, 60)]
    assert rows(manager.get(address + "?q=alice").content.decode()) == []


def raw(browser: Client, group_id: str) -> dict[str, object]:
    page = browser.get(f"/d/acme/groups/{group_id}/scim/").content.decode()
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None
    found: dict[str, object] = json.loads(unescape(shown[1]))
    return found


def test_scim_is_shown_exactly_as_a_get_shows_it(manager: Client, scim: Scim) -> None:
    sales = scim.group("Sales", *crowd(scim, 3))
    assert raw(manager, sales) == scim.get(f"/Groups/{sales}").json()


def test_of_a_crowd_scim_is_shown_without_its_members(
    manager: Client, scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_pages, "MOST_MEMBERS_SHOWN", 3)
    ids = crowd(scim, 4)
    sales = scim.group("Sales", *ids[:3])
    assert "members" in raw(manager, sales)
    scim.patch(f"/Groups/{sales}", {"op": "add", "path": "members", "value": [{"value": ids[3]}]})
    assert raw(manager, sales) == scim.get(f"/Groups/{sales}?excludedAttributes=members").json()


@pytest.mark.parametrize("page", ["", "timeline/", "scim/"])
def test_a_group_of_another_domain_is_not_there(manager: Client, umbra: Domain, page: str) -> None:
    theirs = connect(umbra).group("Sales")
    assert manager.get(f"/d/acme/groups/{theirs}/{page}").status_code == 404


@pytest.mark.parametrize("page, statements", [("", 5), ("timeline/", 10), ("scim/", 6)])
def test_its_pages_cost_the_same_for_few_members_and_for_many(
    manager: Client, scim: Scim, django_assert_num_queries: DjangoAssertNumQueries, page: str, statements: int
) -> None:
    ids = crowd(scim, 70)
    for members in (ids[:2], ids):
        group = scim.group(f"Group of {len(members)}", *members)
        with django_assert_num_queries(statements):
            manager.get(f"/d/acme/groups/{group}/{page}")

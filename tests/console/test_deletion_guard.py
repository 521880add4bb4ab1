"""Deletion guard: what is held is on every page, and who may decide releases, rejects, or watches again."""

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from securelogin.directory.guard import release
from securelogin.directory.held import Guard
from securelogin.directory.models import Domain, Role
from securelogin.logbook.models import Entry
from tests.console.conftest import browser_of
from tests.console.forms import said
from tests.console.guarded import hold
from tests.people import make_user

PAGE = "/d/acme/guard/"


def words(browser: Client, address: str = PAGE) -> str:
    return " ".join(strip_tags(browser.get(address).content.decode()).split())


@pytest.fixture
def admin(acme: Domain) -> Client:
    return browser_of(make_user(acme, "adam@acme.example", Role.ADMIN))


def test_while_all_is_well_it_says_how_much_may_go(manager: Client) -> None:
    page = words(manager)
    assert "Watching" in page
    assert "0 gone, of 10 that may go within 60 minutes" in page
    assert "Release" not in page
    assert "See and decide" not in words(manager, "/d/acme/")


def test_what_is_held_is_on_every_page_and_listed_by_name(manager: Client, neighbour: Client, acme: Domain) -> None:
    hold(acme, 3)
    for address in ("/d/acme/", "/d/acme/users/", "/d/acme/settings/"):
        assert "The deletion guard holds removals (users 3, groups 1)" in words(manager, address)
    page = words(manager)
    assert "3 users, 1 group" in page
    for name in ("Pérson 001", "h001@acme.example", "Pérson 003", "Sales"):
        assert name in page
    assert "Pérson 000" not in page
    assert "holds removals" not in words(neighbour, "/d/umbra/")


@pytest.mark.parametrize(
    "verb, state, told",
    [
        ("release", "released", ("Released. Entra comes again", "released what it held (users: 2, groups: 1)")),
        ("reject", "rejected", ("Rejected. Removals stay held", "goes on holding (users: 2, groups: 1)")),
        ("watch", "watching", ("The guard counts anew", "counts anew")),
    ],
)
def test_a_decision_counts_is_said_and_leaves_a_line(
    admin: Client, acme: Domain, verb: str, state: str, told: tuple[str, str]
) -> None:
    hold(acme, 2)
    assert told[0] in said(admin, admin.post(f"{PAGE}{verb}/"))
    row = Guard.objects.get()
    assert (row.state, row.state_by_name) == (state, "adam@acme.example")
    entry = Entry.objects.get(path=f"{PAGE}{verb}/")
    assert (entry.domain_id, entry.subject_type, entry.subject_label) == (acme.pk, "domain", "acme")
    assert entry.changed
    assert told[1] in entry.warnings[0]


def test_released_it_says_until_when_and_by_whom_and_can_be_ended(admin: Client, acme: Domain) -> None:
    hold(acme, 2)
    release(acme, "Alice")
    page = words(admin)
    assert "Released Alice" in page
    assert f"Until{Guard.objects.get().released_until:%Y-%m-%d %H:%M} UTC" in page
    assert "The guard counts anew" in said(admin, admin.post(f"{PAGE}watch/"))
    assert "Watching" in words(admin)


def test_rejected_it_can_still_be_released(admin: Client, acme: Domain) -> None:
    hold(acme, 2)
    admin.post(f"{PAGE}reject/")
    page = words(admin)
    assert "Rejected adam@acme.example" in page
    assert "See and decide" in words(admin, "/d/acme/")
    admin.post(f"{PAGE}release/")
    assert Guard.objects.get().state == "released"


@pytest.mark.parametrize("verb", ["release", "reject", "watch"])
def test_deciding_twice_says_so_and_changes_nothing(admin: Client, acme: Domain, verb: str) -> None:
    assert "There is nothing to decide" in said(admin, admin.post(f"{PAGE}{verb}/"))
    assert not Entry.objects.filter(path__startswith=PAGE).exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CONNECTOR])
def test_who_may_not_edit_the_directory_looks_and_is_told_whom_to_ask(acme: Domain, alice: object, role: Role) -> None:
    hold(acme, 2)
    browser = browser_of(make_user(acme, "carol@acme.example", role))
    page = browser.get(PAGE).content.decode()
    assert "Ask one of them to do it: alice@acme.example." in page
    assert page.count("<form") == 2  # logging out, and the language
    assert browser.post(f"{PAGE}release/").status_code == 403
    assert Guard.objects.get().state == "held"


def test_many_are_walked_through_page_by_page_at_the_same_cost(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = hold(acme, 60)
    with django_assert_num_queries(8):
        first = manager.get(PAGE).content.decode()
    address = f"{PAGE}?after={ids[49]}"
    assert f'rel="next" href="?after={ids[49]}"' in first
    with django_assert_num_queries(8):
        second = manager.get(address).content.decode()
    assert [f"Pérson {n:03}" in first for n in (1, 50, 51)] == [True, True, False]
    assert [f"Pérson {n:03}" in second for n in (50, 51, 60)] == [False, True, True]
    assert "Sales" in second
    assert manager.get(f"{PAGE}?after=nonsense").status_code == 200

"""A domain's page shows its people and groups to its own managers, and to nobody else."""

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from securelogin.directory.credential import Actor
from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.domains import create_manager, tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Role, User

BROWSER = Actor("command", "test", "Test")


def fill(domain: Domain, people: int, since: int = 0) -> None:
    door = Directory(tenant(domain), BROWSER)
    ids = [
        door.create(
            USERS,
            Values({"user_name": f"p{n:03}@acme.example", "active": n % 2 == 0, "display_name": f"Pérson {n:03}"}),
        )["id"]
        for n in range(since, since + people)
    ]
    door.create(GROUPS, Values({"display_name": f"Sales & <Ops> {since or ''}"}), ids[:7])


@pytest.fixture
def manager(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def test_people_and_groups_are_shown_with_their_numbers(manager: Client, acme: Domain) -> None:
    fill(acme, 9)
    page = manager.get("/d/acme/").content.decode()
    words = " ".join(strip_tags(page).split())
    assert "10 people" in words
    assert "1 group" in words
    assert "Pérson 003" in page
    assert "Sales &amp; &lt;Ops&gt;" in page
    assert '<td class="number">7</td>' in page


def test_long_lists_have_pages(manager: Client, acme: Domain) -> None:
    fill(acme, 60)
    first, second = (manager.get(f"/d/acme/?people={number}").content.decode() for number in (1, 2))
    assert "Page 1 of 2" in first
    assert "Pérson 059" not in first
    assert "Pérson 059" in second
    assert manager.get("/d/acme/?people=nonsense&groups=-5").status_code == 200


def test_a_page_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(acme, 3)
    with django_assert_num_queries(9):
        manager.get("/d/acme/")
    fill(acme, 80, since=3)
    with django_assert_num_queries(9):
        manager.get("/d/acme/")


@pytest.mark.parametrize("address", ["/d/acme/", "/d/nowhere/"])
def test_who_is_not_its_manager_is_asked_to_sign_in(address: str, client: Client, acme: Domain, mallory: User) -> None:
    assert client.get(address)["Location"] == address + "login"
    client.force_login(mallory)
    assert client.get(address)["Location"] == address + "login"


def test_a_person_without_a_role_is_told_so_and_can_log_out(client: Client, acme: Domain) -> None:
    fill(acme, 1)
    client.force_login(User.objects.get(user_name="p000@acme.example"))
    answer = client.get("/d/acme/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "p000@acme.example is not a manager of acme" in page
    assert 'action="/logout"' in page


def test_an_auditor_may_look(client: Client, acme: Domain) -> None:
    auditor = create_manager(acme, "audit@acme.example", "a long password", Role.AUDITOR, BROWSER)
    client.force_login(auditor.user)
    assert client.get("/d/acme/").status_code == 200


def test_disabling_a_manager_ends_her_session_at_once(manager: Client, acme: Domain, alice: User) -> None:
    door = Directory(tenant(acme), BROWSER)
    for active in (False, True):
        with door.locked(USERS, str(alice.id)) as row:
            door.update(USERS, row, Values({"active": active}))
    assert manager.get("/d/acme/").status_code == 302


def test_the_front_door_leads_home_or_asks_which_domain(manager: Client) -> None:
    assert manager.get("/")["Location"] == "/d/acme/"
    assert Client().get("/")["Location"] == "/go"

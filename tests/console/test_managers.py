"""Managers: who runs the domain, what an owner can do about it, and that never the last owner goes."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from oauth.connections import Author
from securelogin.directory.models import Domain, Manager, Role, User
from securelogin.logbook.models import Entry
from tests.console.conftest import browser_of
from tests.console.forms import fill_in, said
from tests.furniture import furnish
from tests.people import PASSWORD, make_user

PAGE = "/d/acme/managers/"


def words(answer: object) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())  # type: ignore[attr-defined]  # a test client's answer


def page_of(user: User, act: str) -> str:
    return f"{PAGE}{Manager.objects.get(user=user).pk}/{act}/"


def role_of(user: User) -> str:
    return Manager.objects.get(user=user).role


def lines() -> list[str]:
    return [" ".join(entry.warnings) for entry in Entry.objects.order_by("id") if entry.subject_type == "manager"]


@pytest.fixture
def otto(acme: Domain) -> User:
    return make_user(acme, "otto@acme.example", Role.AUDITOR)


def test_everybody_who_manages_is_listed_with_her_role_and_last_sign_in(manager: Client, otto: User) -> None:
    Manager.objects.filter(user=otto).update(login_email="otto@mail.example", invited_by_name="Anna Bakker")
    Client().post("/d/acme/login", {"username": otto.user_name, "password": PASSWORD})
    signed_in = Manager.objects.get(user=otto).last_sign_in
    page = words(manager.get(PAGE))
    assert f"otto@acme.example Auditor otto@mail.example {signed_in:%Y-%m-%d %H:%M} Anna Bakker" in page
    assert re.search(r"alice@acme.example Owner . Never The operator", page)


def test_who_may_not_change_managers_sees_them_and_whom_to_ask(auditor: Client, alice: User) -> None:
    page = words(auditor.get(PAGE))
    assert "alice@acme.example Owner" in page
    assert "Ask one of them to do it: alice@acme.example." in page
    assert "Invite a manager" not in page
    assert "Change role" not in page


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONNECTOR, Role.AUDITOR])
def test_only_owners_change_anything(acme: Domain, alice: User, role: Role) -> None:
    browser = browser_of(make_user(acme, "ben", role))
    furniture = furnish(acme)
    for address in (
        f"{PAGE}invite/",
        page_of(alice, "role"),
        page_of(alice, "remove"),
        f"{PAGE}invitations/{furniture.invitation_id}/again/",
        f"{PAGE}invitations/{furniture.invitation_id}/cancel/",
    ):
        answer = browser.post(address, {"role": "auditor", "email": "x@x.example", "password": PASSWORD})
        assert answer.status_code == 403, address
    assert role_of(alice) == Role.OWNER


def test_a_new_role_counts_from_the_next_request(manager: Client, otto: User) -> None:
    his = browser_of(otto)
    assert his.get("/d/acme/connection/client/").status_code == 403
    page = said(manager, fill_in(manager, page_of(otto, "role"), role="connector"))
    assert "otto@acme.example has the role Connector now." in page
    assert his.get("/d/acme/connection/client/").status_code == 200
    assert lines() == ["The role was changed from auditor to connector."]


def test_a_change_of_role_asks_for_the_password(manager: Client, otto: User) -> None:
    answer = fill_in(manager, page_of(otto, "role"), role="owner", password="wrong")
    assert (answer.status_code, role_of(otto)) == (400, Role.AUDITOR)


@pytest.mark.parametrize("role", ["emperor", "", "owner\x00"])
def test_a_role_that_is_none_is_refused(manager: Client, otto: User, role: str) -> None:
    assert fill_in(manager, page_of(otto, "role"), role=role).status_code == 400
    assert role_of(otto) == Role.AUDITOR


def test_the_last_owner_can_neither_step_down_nor_go(manager: Client, alice: User, otto: User) -> None:
    answer = fill_in(manager, page_of(alice, "role"), role="admin")
    assert answer.status_code == 400
    assert "She is the only owner who can sign in." in answer.content.decode()
    assert "She is the only owner" in said(manager, manager.post(page_of(alice, "remove")))
    assert role_of(alice) == Role.OWNER


def test_an_owner_who_may_not_sign_in_does_not_count(manager: Client, acme: Domain, alice: User) -> None:
    other = make_user(acme, "ben", Role.OWNER)
    User.objects.filter(pk=other.pk).update(active=False)
    assert fill_in(manager, page_of(alice, "role"), role="admin").status_code == 400
    User.objects.filter(pk=other.pk).update(active=True)
    assert fill_in(manager, page_of(alice, "role"), role="admin").status_code == 302


def test_removing_says_what_she_made_and_that_it_goes_on(manager: Client, acme: Domain, otto: User) -> None:
    connection = furnish(acme, "Entra production", Author(otto, "Otto", "192.0.2.1")).client
    page = words(manager.get(page_of(otto, "remove")))
    assert page.count("Entra production") == 3
    assert "They belong to the domain and go on" in page
    his = browser_of(otto)
    assert "manages this domain no more" in said(manager, manager.post(page_of(otto, "remove")))
    connection.refresh_from_db()
    assert connection.state == "active"
    assert his.get("/d/acme/")["Location"] == "/d/acme/login"
    assert User.objects.filter(pk=otto.pk, active=True).exists()
    login = Client().post("/d/acme/login", {"username": otto.user_name, "password": PASSWORD})
    assert login.status_code == 401


def test_nobody_of_another_domain_can_be_named(manager: Client, mallory: User) -> None:
    for act in ("role", "remove"):
        assert manager.get(page_of(mallory, act)).status_code == 404
        assert manager.post(page_of(mallory, act), {"role": "auditor", "password": PASSWORD}).status_code == 404
    assert role_of(mallory) == Role.OWNER


def test_the_page_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        manager.get(PAGE)
    for number in range(60):
        make_user(acme, f"m{number}", Role.ADMIN)
    furnish(acme)
    with django_assert_num_queries(6):
        assert "Page 1 of 2" in manager.get(PAGE).content.decode()

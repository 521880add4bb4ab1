"""Operators sign in to a domain of their own, and see the operators' pages and no domain's; managers the other way."""

import pytest
from django.core.management.base import CommandError
from django.test import Client

from oauth.applications import create_entra_application
from oauth.models import Connection
from securelogin.directory.models import Domain, Operator, User
from tests.addresses import CONVERTER, OF_A_DOMAIN, OF_OPERATORS
from tests.furniture import furnish
from tests.management.running import run
from tests.oauth.walk import Entra
from tests.people import PASSWORD, make_user

LOGIN = "/d/operators/login"


def test_an_operator_is_made_by_a_command_and_signs_in(db: None) -> None:
    made = run("create_operator", "olga@hosting.example")
    browser = Client()
    assert browser.get("/operator/")["Location"] == LOGIN
    answer = browser.post(LOGIN, {"username": "olga@hosting.example", "password": made["password"]})
    assert answer["Location"] == "/operator/"
    assert "olga@hosting.example" in browser.get("/operator/").content.decode()
    assert browser.get("/")["Location"] == "/operator/"


def test_the_command_makes_an_operator_once_and_renews_a_password(olga: User) -> None:
    with pytest.raises(CommandError, match="There is an operator"):
        run("create_operator", "OLGA@hosting.example")
    with pytest.raises(CommandError, match="There is no operator"):
        run("create_operator", "otto@hosting.example", "--renew")
    password = run("create_operator", "OLGA@hosting.example", "--renew")["password"]
    answers = [Client().post(LOGIN, {"username": olga.user_name, "password": each}) for each in (PASSWORD, password)]
    assert [answer.status_code for answer in answers] == [401, 303]
    assert Operator.objects.count() == 1


def test_no_tenant_can_have_the_operators_name(db: None) -> None:
    for name in ("operators", "operator"):
        with pytest.raises(CommandError, match="reserved"):
            run("create_domain", name)


@pytest.mark.parametrize("page", OF_OPERATORS)
def test_a_manager_reaches_no_operators_page(acme: Domain, manager: Client, operator: Client, page: str) -> None:
    address = CONVERTER.sub("1", furnish(acme).address_of(page))
    for browser in (manager, Client()):
        for method in (browser.get, browser.post):
            answer = method(address)
            assert answer.status_code == 405 or answer["Location"] == LOGIN


def test_somebody_of_the_operators_domain_who_is_none_sees_nothing(olga: User) -> None:
    browser = Client()
    browser.force_login(make_user(olga.domain, "clerk@hosting.example"))
    assert browser.get("/operator/")["Location"] == LOGIN


@pytest.mark.parametrize("page", OF_A_DOMAIN)
def test_an_operator_reaches_no_page_of_a_domain(acme: Domain, operator: Client, page: str) -> None:
    address = furnish(acme).address_of(page)
    for one, leads_to in ((address, "/d/acme/login"), (address.replace("/d/acme/", "/d/operators/"), "/operator/")):
        for method in (operator.get, operator.post):
            answer = method(one)
            assert answer.status_code == 405 or answer["Location"] == leads_to


def test_no_command_connects_the_operators_domain_or_gives_it_managers(olga: User) -> None:
    for words in (
        ("create_key", "operators"),
        ("create_client_connection", "operators"),
        ("create_manager", "operators", "ann@hosting.example"),
        ("suspend_domain", "operators"),
    ):
        with pytest.raises(CommandError, match="There is no domain operators"):
            run(*words)


def test_authorize_does_not_connect_it(olga: User) -> None:
    entra = Entra(*create_entra_application())
    answer = entra.sign_in(entra.press_authorize("operators"), olga)
    assert answer.status_code == 403
    assert not Connection.objects.exists()


def test_the_operators_domain_is_none_to_be_managed(operator: Client, olga: User) -> None:
    for act in ("", "suspend/", "rename/", "delete/", "owner/"):
        assert operator.get(f"/operator/domains/{olga.domain_id}/{act}").status_code == 404
        assert operator.post(f"/operator/domains/{olga.domain_id}/{act}").status_code in {404, 405}


def test_disabling_an_operator_ends_her_session(operator: Client, olga: User) -> None:
    User.objects.filter(pk=olga.pk).update(active=False, session_epoch=1)
    assert operator.get("/operator/")["Location"] == LOGIN


def test_an_operator_changes_her_own_password(operator: Client, olga: User) -> None:
    page = operator.get("/operator/password/")
    form = {"ticket": page.context["form"].initial["ticket"], "password": PASSWORD, "new": "purple monkey dishwasher"}
    assert operator.post("/operator/password/", form | {"password": "wrong"}).status_code == 400
    assert operator.post("/operator/password/", form).status_code == 302
    assert operator.get("/operator/").status_code == 200
    assert Client().post(LOGIN, {"username": olga.user_name, "password": PASSWORD}).status_code == 401

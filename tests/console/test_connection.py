"""Connection: every way in at a glance, one of them in detail, and what a manager can do with it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from oauth.applications import create_entra_application
from oauth.connections import Author, activate, await_code
from oauth.keys import KeyTerms, generate_key
from oauth.models import AccessKey, Connection
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, Role, User
from securelogin.logbook.models import Entry
from tests.console.forms import said, shown
from tests.furniture import Furniture, furnish
from tests.people import ACTOR, make_user
from tests.scim.conftest import connect

PAGE = "/d/acme/connection/"


def words(answer: object) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())  # type: ignore[attr-defined]  # a test client's answer


def ask(secret: str) -> tuple[int, str]:
    answer = Client().get("/scim/v2/Users", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code, answer.headers.get("Retry-After", "")


@pytest.fixture
def furniture(acme: Domain, alice: User) -> Furniture:
    return furnish(acme, "Entra production", Author(alice, "Alice", "192.0.2.1"))


@pytest.fixture
def authorized(acme: Domain, alice: User) -> Connection:
    """What pressing Authorize leaves behind."""
    application, _secret = create_entra_application()
    connection = await_code(alice, application, "scim", "a code", "192.0.2.1")
    activate(connection)
    connection.refresh_from_db()
    return connection


def test_all_four_kinds_are_listed_with_their_maker(
    manager: Client, furniture: Furniture, authorized: Connection
) -> None:
    page = words(manager.get(PAGE))
    for kind in ("Authorize", "Access key", "Client credentials", "Workload identity federation"):
        assert kind in page
    assert page.count("Entra production") == 3
    assert "Microsoft Entra ID" in page
    assert f"{authorized.created:%Y-%m-%d %H:%M} alice@acme.example Never Never" in page


def test_a_connection_that_waits_for_its_code_is_not_there_yet(manager: Client, alice: User) -> None:
    application, _secret = create_entra_application()
    await_code(alice, application, "scim", "a code", "192.0.2.1")
    assert "None yet." in words(manager.get(PAGE))


def test_the_four_ways_come_with_what_entra_asks_for(manager: Client, acme: Domain) -> None:
    values = shown(manager.get(PAGE).content)
    assert values["domain-name"] == "acme"
    assert values["key-tenant-url"] == values["client-tenant-url"] == "http://127.0.0.1:8000/scim/v2"
    assert values["client-token-endpoint"] == values["federation-token-endpoint"] == "http://127.0.0.1:8000/oauth/token"


def test_a_connection_that_is_over_stands_below_those_that_are_not(manager: Client, furniture: Furniture) -> None:
    furniture.federation.revoke("Alice")
    page = manager.get(PAGE).content.decode()
    assert page.index("Revoked") > page.rindex(">Active<")


def test_pausing_and_resuming(manager: Client, acme: Domain) -> None:
    key, secret = generate_key(acme, KeyTerms("Entra"), Author(None, "Alice", None))
    address = f"{PAGE}{key.connection_id}/"
    page = words(manager.get(f"{address}pause/"))
    assert "Entra (Access key) is answered with 503 until you resume it." in page
    assert "What is here stays as it is: 1 user, 0 groups." in page
    assert ask(secret) == (200, "")
    assert "The connection is paused." in said(manager, manager.post(f"{address}pause/"))
    assert ask(secret) == (503, "300")
    assert "Resume" in words(manager.get(address))
    assert "The connection goes on." in said(manager, manager.post(f"{address}resume/"))
    assert ask(secret) == (200, "")


def test_revoking_says_in_numbers_what_stops_and_then_stops_it(manager: Client, acme: Domain) -> None:
    key, secret = generate_key(acme, KeyTerms("Entra"), Author(None, "Alice", None))
    address = f"{PAGE}{key.connection_id}/revoke/"
    page = words(manager.get(address))
    assert "Entra (Access key) ends at once and for good" in page
    assert "What is here stays as it is: 1 user, 0 groups." in page
    assert ask(secret) == (200, "")
    assert "The connection Entra is revoked." in said(manager, manager.post(address))
    assert ask(secret) == (401, "")
    assert manager.get(address).status_code == manager.post(address).status_code == 404


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_what_is_over_can_be_neither_paused_nor_resumed(manager: Client, furniture: Furniture, verb: str) -> None:
    furniture.client.revoke("Alice")
    address = f"{PAGE}{furniture.client.pk}/"
    assert "This connection has been ended" in said(manager, manager.post(f"{address}{verb}/"))
    assert "Revoke" not in words(manager.get(address)).replace("Revoked", "")


@pytest.mark.parametrize("verb", ["pause", "resume", "revoke"])
def test_each_act_leaves_a_line_in_the_logbook(manager: Client, furniture: Furniture, acme: Domain, verb: str) -> None:
    manager.post(f"{PAGE}{furniture.client.pk}/{verb}/")
    line = Entry.objects.get(path__endswith=f"/{verb}/")
    assert (line.domain_id, line.connection_id) == (acme.pk, None)  # about the connection, and not by way of it
    assert (line.subject_type, line.subject_id) == ("connection", furniture.client.pk)
    assert line.subject_label == "Entra production"
    assert (line.actor_label, line.changed) == ("alice@acme.example", True)
    assert line.warnings[0].startswith("This connection was ")


@pytest.mark.parametrize("verb, status", [("pause", 200), ("resume", 405), ("revoke", 200)])
def test_a_link_changes_nothing(manager: Client, furniture: Furniture, verb: str, status: int) -> None:
    assert manager.get(f"{PAGE}{furniture.client.pk}/{verb}/").status_code == status
    furniture.client.refresh_from_db()
    assert furniture.client.state == "active"


def test_the_detail_has_the_values_to_paste(manager: Client, furniture: Furniture) -> None:
    for row in (furniture.client, furniture.federation):
        values = shown(manager.get(f"{PAGE}{row.pk}/").content)
        assert row.application is not None
        assert values["client-id"] == row.application.client_id
        assert values["token-endpoint"].endswith("/oauth/token")
    assert set(shown(manager.get(f"{PAGE}{furniture.key_line.pk}/").content)) == {"tenant-url"}


def _demote(alice: User) -> None:
    Manager.objects.filter(user=alice).update(role=Role.AUDITOR)


def _disable(alice: User) -> None:
    door = Directory(tenant(alice.domain), ACTOR)
    with door.held(USERS, str(alice.pk)) as row:
        door.update(USERS, row, Values({"active": False}))


def _delete(alice: User) -> None:
    door = Directory(tenant(alice.domain), ACTOR)
    door.delete(USERS, str(alice.pk))


@pytest.mark.parametrize(
    "fate, sentence",
    [
        (_demote, "This manager may no longer connect the domain."),
        (_disable, "This account has been disabled since."),
        (_delete, "This account has been deleted since."),
    ],
)
def test_what_became_of_the_maker_is_said_and_the_connection_goes_on(
    acme: Domain, alice: User, authorized: Connection, fate: object, sentence: str
) -> None:
    key, secret = generate_key(acme, KeyTerms("Entra"), Author(alice, "Alice", "192.0.2.1"))
    browser = Client()
    browser.force_login(make_user(acme, "bob@acme.example", Role.OWNER))
    fate(alice)  # type: ignore[operator]  # one of the three above
    for address in (PAGE, f"{PAGE}{authorized.pk}/", f"{PAGE}{key.connection_id}/"):
        page = words(browser.get(address))
        assert f"{sentence} What was made goes on." in page
        assert "alice@acme.example" in page or "Alice" in page
    assert ask(secret) == (200, "")


def test_a_key_that_ran_out_is_said_to_have_expired(manager: Client, furniture: Furniture) -> None:
    AccessKey.objects.update(not_after=timezone.now() - timedelta(hours=1))
    assert "Nothing valid is left" in words(manager.get(PAGE))
    assert "Expired" in words(manager.get(f"{PAGE}{furniture.key_line.pk}/"))


def test_an_auditor_sees_it_all_and_is_told_whom_to_ask(
    auditor: Client, alice: User, furniture: Furniture, authorized: Connection
) -> None:
    rows = (furniture.key_line, furniture.client, furniture.federation, authorized)
    for address in (PAGE, *(f"{PAGE}{row.pk}/" for row in rows)):
        page = auditor.get(address).content.decode()
        assert "Ask one of them to do it: alice@acme.example." in page
        assert page.count("<form") == 2  # logging out, and the language
    for verb in ("pause", "resume", "revoke"):
        assert auditor.post(f"{PAGE}{furniture.client.pk}/{verb}/").status_code == 403
    assert Connection.objects.filter(state="active").count() == 4


def test_the_pages_cost_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, furniture: Furniture, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    manager.get(f"{PAGE}{furniture.client.pk}/")  # the first of all begins the counting of cycles
    for _more in range(2):
        with django_assert_num_queries(7):
            manager.get(PAGE)
        with django_assert_num_queries(10):
            manager.get(f"{PAGE}{furniture.client.pk}/")
        for _number in range(8):
            furnish(acme)


def test_a_client_that_was_granted_both_scopes_has_its_page_and_its_lines(manager: Client, acme: Domain) -> None:
    scim = connect(acme)
    scim.user("ann@acme.example")
    Connection.objects.update(scope="scim scim:read")
    both = Connection.objects.get()
    assert "Reads and changes users and groups" in manager.get(f"{PAGE}{both.pk}/").content.decode()
    line = Entry.objects.filter(subject_label="ann@acme.example").latest("id")
    assert "Reads and changes users and groups" in manager.get(f"/d/acme/log/{line.pk}/").content.decode()

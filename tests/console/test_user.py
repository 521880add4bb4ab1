"""A user's pages: every value as sent and where it is from, her groups, what SCIM shows, and her access."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import tenant
from securelogin.directory.models import Change, Domain, Role, User
from securelogin.logbook.models import Entry
from tests.console.conftest import browser_of
from tests.console.forms import said
from tests.console.test_lists import rows, words
from tests.people import ACTOR, make_user
from tests.scim.conftest import ENTERPRISE, Scim, connect

ANNA = {
    "displayName": "Anna de Vries",
    "name": {"givenName": "Anna", "formatted": "Anna  de Vries"},
    "emails": [{"value": "Anna@Acme.example", "type": "work", "primary": True}],
    "phoneNumbers": [{"value": "+31 6-1234", "type": "mobile"}],
    ENTERPRISE: {"department": "Sales <EU>", "manager": {"value": "m-1"}},
}


@pytest.fixture
def anna(scim: Scim) -> str:
    return scim.user("anna@acme.example", **ANNA)


def values(page: bytes) -> dict[str, tuple[str, str]]:
    """Return name → value and source, as the page of a profile has them."""
    found = re.findall(
        r'<code title="([^"]*)">.*?</th>\s*<td><bdi>(.*?)</bdi></td>\s*<td class="state"><span class="\w+">([^<]+)',
        page.decode(),
        re.DOTALL,
    )
    return {unescape(name): (unescape(value), source) for name, value, source in found}


def test_every_value_stands_there_as_it_was_sent(manager: Client, anna: str) -> None:
    shown = values(manager.get(f"/d/acme/users/{anna}/").content)
    assert {name: value for name, (value, _) in shown.items()} == {
        "userName": "anna@acme.example",
        "active": "true",
        "displayName": "Anna de Vries",
        "name.givenName": "Anna",
        "name.formatted": "Anna  de Vries",
        'emails[type eq "work"].value': "Anna@Acme.example",
        'emails[type eq "work"].primary': "true",
        'phoneNumbers[type eq "mobile"].value': "+31 6-1234",
        f"{ENTERPRISE}:department": "Sales <EU>",
        f"{ENTERPRISE}:manager.value": "m-1",
    }
    assert {source for _, source in shown.values()} == {"from Entra"}


def test_what_entra_adopted_is_told_from_what_was_made_here(manager: Client, acme: Domain, scim: Scim) -> None:
    local = make_user(acme, "local@acme.example")
    scim.patch(f"/Users/{local.pk}", {"op": "add", "path": "title", "value": "Chief"})
    shown = values(manager.get(f"/d/acme/users/{local.pk}/").content)
    assert (shown["userName"][1], shown["title"]) == ("made here", ("Chief", "from Entra"))


def test_scim_is_shown_exactly_as_a_get_shows_it(manager: Client, scim: Scim, anna: str) -> None:
    scim.group("Sales", anna)
    page = manager.get(f"/d/acme/users/{anna}/scim/").content.decode()
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None
    assert json.loads(unescape(shown[1])) == scim.get(f"/Users/{anna}").json()


def test_her_groups_are_listed(manager: Client, scim: Scim, anna: str) -> None:
    assert "In no group." in manager.get(f"/d/acme/users/{anna}/groups/").content.decode()
    scim.group("Sales", anna)
    scim.group("Empty")
    assert rows(manager.get(f"/d/acme/users/{anna}/groups/").content.decode()) == ["Sales"]


@pytest.mark.parametrize("page", ["", "groups/", "timeline/", "scim/", "access/"])
def test_somebody_of_another_domain_is_not_there(manager: Client, umbra: Domain, page: str) -> None:
    theirs = connect(umbra).user("anna@umbra.example")
    assert manager.get(f"/d/acme/users/{theirs}/{page}").status_code == 404
    assert manager.get(f"/d/acme/users/{uuid4()}/{page}").status_code == 404
    assert manager.get(f"/d/acme/users/{theirs.upper()}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "groups/", "timeline/", "scim/", "access/"])
def test_an_auditor_may_look(auditor: Client, anna: str, page: str) -> None:
    assert auditor.get(f"/d/acme/users/{anna}/{page}").status_code == 200


def access(browser: Client, user_id: object) -> str:
    return words(browser.get(f"/d/acme/users/{user_id}/access/").content)


def test_access_says_in_words_whether_she_can_sign_in(manager: Client, acme: Domain, scim: Scim, anna: str) -> None:
    assert "active, but without a password here" in access(manager, anna)
    scim.patch(f"/Users/{anna}", {"op": "replace", "path": "active", "value": False})
    assert "No: disabled." in access(manager, anna)
    bob = make_user(acme, "bob@acme.example", Role.CONNECTOR)
    assert "RoleConnector" in access(manager, bob.pk)
    assert "Yes, with Username and Password." in access(manager, bob.pk)


def test_ending_sessions_signs_her_out_everywhere_and_is_written_down(
    manager: Client, acme: Domain, alice: User
) -> None:
    bob = make_user(acme, "bob@acme.example", Role.OWNER)
    browser = browser_of(bob)
    assert browser.get("/d/acme/").status_code == 200
    answer = manager.post(f"/d/acme/users/{bob.pk}/access/end-sessions/")
    assert "All sessions are ended." in said(manager, answer)
    assert browser.get("/d/acme/").status_code == 302
    assert browser_of(User.objects.get(pk=bob.pk)).get("/d/acme/").status_code == 200
    change = Change.objects.filter(subject_id=bob.pk).latest("id")
    assert (change.actor_kind, change.actor_id, change.actor_label) == ("manager", str(alice.pk), "alice@acme.example")
    assert (change.before, change.after) == ({"session_epoch": 0}, {"session_epoch": 1})
    line = Entry.objects.get(pk=change.request_id)
    assert (line.domain_id, line.subject_id, line.changed) == (acme.pk, bob.pk, True)
    assert line.warnings == ["All sessions of this user were ended."]
    assert "Sessions ended" in manager.get(f"/d/acme/users/{bob.pk}/timeline/").content.decode()


def test_who_may_only_look_ends_no_session(auditor: Client, acme: Domain, umbra: Domain, alice: User) -> None:
    assert auditor.post(f"/d/acme/users/{alice.pk}/access/end-sessions/").status_code == 403
    assert "End all sessions" not in access(auditor, alice.pk)
    assert User.objects.get(pk=alice.pk).session_epoch == 0


def test_sessions_of_somebody_elsewhere_are_out_of_reach(manager: Client, umbra: Domain) -> None:
    theirs = make_user(umbra, "u@umbra.example")
    assert manager.post(f"/d/acme/users/{theirs.pk}/access/end-sessions/").status_code == 404
    assert User.objects.get(pk=theirs.pk).session_epoch == 0


@pytest.mark.parametrize("page, statements", [("", 6), ("groups/", 5), ("scim/", 5), ("access/", 5)])
def test_her_pages_cost_the_same_however_much_there_is(
    manager: Client, anna: str, django_assert_num_queries: DjangoAssertNumQueries, page: str, statements: int
) -> None:
    scim = connect(User.objects.get(pk=anna).domain)
    for crowd in (range(2), range(2, 60)):
        for number in crowd:
            scim.group(f"Group {number}", anna)
        with django_assert_num_queries(statements):
            manager.get(f"/d/acme/users/{anna}/{page}")


def test_an_epoch_that_was_raised_is_raised_again_by_disabling(acme: Domain, manager: Client) -> None:
    bob = make_user(acme, "bob@acme.example")
    manager.post(f"/d/acme/users/{bob.pk}/access/end-sessions/")
    door = Directory(tenant(acme), ACTOR)
    assert door.get(USERS, str(bob.pk))["version"] == 2
    scim = connect(acme)
    scim.patch(f"/Users/{bob.pk}", {"op": "replace", "path": "active", "value": False})
    assert User.objects.get(pk=bob.pk).session_epoch == 2

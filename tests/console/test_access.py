"""The console is for a domain's own managers, while they are managers, and for nobody else."""

import pytest
from django.test import Client

from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, User
from tests.people import ACTOR, make_user


@pytest.mark.parametrize("address", ["/d/acme/", "/d/nowhere/"])
def test_who_is_not_its_manager_is_asked_to_sign_in(address: str, neighbour: Client, acme: Domain) -> None:
    assert Client().get(address)["Location"] == address + "login"
    assert neighbour.get(address)["Location"] == address + "login"


def test_a_person_without_a_role_is_told_so_and_can_log_out(client: Client, acme: Domain) -> None:
    client.force_login(make_user(acme, "zoe@acme.example"))
    answer = client.get("/d/acme/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "zoe@acme.example is not a manager of acme" in page
    assert 'action="/logout"' in page


def test_an_auditor_may_look(auditor: Client) -> None:
    assert auditor.get("/d/acme/").status_code == 200


def test_disabling_a_manager_ends_her_session_at_once(manager: Client, acme: Domain, alice: User) -> None:
    door = Directory(tenant(acme), ACTOR)
    for active in (False, True):
        with door.held(USERS, str(alice.id)) as row:
            door.update(USERS, row, Values({"active": active}))
    assert manager.get("/d/acme/").status_code == 302


def test_the_front_door_leads_home_or_asks_which_domain(manager: Client) -> None:
    assert manager.get("/")["Location"] == "/d/acme/"
    assert Client().get("/")["Location"] == "/go"

"""Profile > Account: choosing another password asks for the old one, and logs one out everywhere else."""

import pytest
from django.test import Client

from securelogin.directory.models import User
from tests.console.conftest import browser_of
from tests.console.forms import fill_in, said
from tests.people import PASSWORD

PAGE = "/d/acme/profile/password/"
CHOSEN = "purple monkey dishwasher"


def status(password: str) -> int:
    return Client().post("/d/acme/login", {"username": "alice@acme.example", "password": password}).status_code


def test_the_new_one_counts_here_and_ends_all_other_sessions(manager: Client, alice: User) -> None:
    elsewhere = browser_of(alice)
    assert "Your password is changed." in said(manager, fill_in(manager, PAGE, new=CHOSEN))
    assert manager.get("/d/acme/").status_code == 200
    assert elsewhere.get("/d/acme/").status_code == 302
    assert [status(CHOSEN), status(PASSWORD)] == [303, 401]


def test_the_old_one_is_asked_for_also_by_who_gave_it_lately(manager: Client) -> None:
    fill_in(manager, "/d/acme/profile/access-key/generate/", name="Entra", scope="scim", lifetime="")
    assert 'name="password"' in manager.get(PAGE).content.decode()
    assert fill_in(manager, PAGE, new=CHOSEN, password="wrong").status_code == 400
    assert status(PASSWORD) == 303


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890", "", "nul\x00nul\x00nul"])
def test_a_weak_one_is_refused(manager: Client, weak: str) -> None:
    assert fill_in(manager, PAGE, new=weak).status_code == 400
    assert status(PASSWORD) == 303


def test_everybody_may_change_her_own(auditor: Client) -> None:
    assert fill_in(auditor, PAGE, new=CHOSEN).status_code == 302

"""The operator's commands: what they make works, and what they refuse they explain."""

import io
import re
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError
from django.test import Client

from oauth.models import Application
from securelogin.directory.models import Change, Domain, Manager
from securelogin.management import operator
from tests.management.running import run

pytestmark = pytest.mark.django_db


def test_a_domain_is_made_once() -> None:
    assert run("create_domain", "acme", "--display-name", "Acme Ltd")["domain"] == "acme"
    assert Domain.objects.get().display_name == "Acme Ltd"
    with pytest.raises(CommandError, match="is taken or looks like acme"):
        run("create_domain", "acme")


@pytest.mark.parametrize("name", ["Acme!", "admin", "\u0430cme", "a" * 64, "xn--acme", "-acme"])
def test_a_bad_name_is_explained(name: str) -> None:
    with pytest.raises(CommandError):
        run("create_domain", "--", name)
    assert not Domain.objects.exists()


def test_a_manager_signs_in_with_the_password_that_was_printed() -> None:
    run("create_domain", "acme")
    made = run("create_manager", "acme", "ann@acme.example", "--role", "owner")
    client = Client()
    answer = client.post("/d/acme/login", {"username": "ann@acme.example", "password": made["password"]})
    assert (answer.status_code, answer["Location"]) == (303, "/d/acme/")
    assert Manager.objects.get().login_email == "ann@acme.example"
    assert Change.objects.get().actor_label == "Operator's command"


def test_a_password_may_come_from_standard_input_and_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    run("create_domain", "acme")
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long and winding password\n"))
    assert "password" not in run("create_manager", "acme", "ann", "--password-stdin")
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        run("create_manager", "acme", "bob", "--password-stdin")
    assert Manager.objects.count() == 1


def test_a_second_account_of_one_name_is_refused_and_nothing_is_half_made() -> None:
    run("create_domain", "acme")
    run("create_manager", "acme", "Ann")
    with pytest.raises(CommandError, match="acme has a user ANN already"):
        run("create_manager", "acme", "ANN")
    assert Manager.objects.count() == 1


def test_a_missing_domain_is_named_with_the_command_that_makes_it() -> None:
    with pytest.raises(CommandError, match=r"manage\.py create_domain acme"):
        run("create_manager", "acme", "ann")


def test_a_client_has_entras_redirect_addresses_unless_others_are_given() -> None:
    assert "https://portal.azure.com/TokenAuthorize" in run("create_client")["redirect_uris"].split()
    made = run("create_client", "--redirect-uri", "https://a.example/cb", "--secret-days", "365")
    assert made["redirect_uris"] == "https://a.example/cb"
    assert re.fullmatch(r"slocs_\w{46}", made["client_secret"])
    with pytest.raises(CommandError):
        run("create_client", "--redirect-uri", "javascript:alert(1)")
    assert Application.objects.count() == 2


def test_an_outside_test_suite_is_pointed_at_a_domain_in_one_line() -> None:
    made = run("create_key", "suite", "--create-domain")
    again = run("create_key", "suite", "--create-domain", "--read-only")
    for token, status in ((made["access_key"], 201), (again["access_key"], 403)):
        answer = Client().post(
            made["tenant_url"].removeprefix("http://127.0.0.1:8000") + "/Users",
            {"userName": f"ann{status}"},
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == status, answer.content
    with pytest.raises(CommandError, match=r"manage\.py create_domain other"):
        run("create_key", "other")


def test_for_people_a_fact_stands_on_each_line() -> None:
    out = io.StringIO()
    call_command("create_domain", "acme", stdout=out)
    assert re.fullmatch(r"domain  acme\nid      [0-9a-f-]{36}\n", out.getvalue())


@pytest.mark.parametrize(
    "words, sentence",
    [
        (
            ["create_domain", "umbra", "--display-name", "x" * 201],
            "The display name has 201 characters; 200 is",
        ),
        (["create_manager", "acme", ""], "The username is empty"),
        (["create_manager", "acme", " "], "The username is empty"),
        (["create_manager", "acme", "a" * 300 + "@b.example"], "The e-mail address has 310 characters; 254 is"),
        (["create_manager", "acme", "a" * 9000], "The username cannot be stored"),
        (["create_client", "--secret-days", "999999999"], "--secret-days is a number from 1 to 3660"),
        (["create_client", "--secret-days", "0"], "--secret-days is a number from 1 to 3660"),
        (["create_client", "--name", "x" * 256], "at most 255 characters"),
        (["create_key", "acme", "--days", "999999999"], "--days is a number from 1 to 3660"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence(words: list[str], sentence: str) -> None:
    run("create_domain", "acme")
    with pytest.raises(CommandError, match=sentence):
        run(*words)
    assert not Manager.objects.exists()
    assert not Application.objects.exists()


@pytest.mark.parametrize("words", [["create_domain", "acme"], ["create_key", "acme", "--create-domain"]])
def test_a_domain_that_somebody_makes_at_the_same_moment_is_explained(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten(_name: str, _display_name: str) -> Domain:
        raise IntegrityError

    monkeypatch.setattr(operator, "create_domain", beaten)
    with pytest.raises(CommandError, match="A domain acme was made at this moment by somebody else"):
        run(*words)

"""Pausing and disconnecting everything: first in numbers, then done, to one's own domain alone."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from oauth.models import Connection
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry
from tests.console.crowd import fill
from tests.console.forms import said
from tests.credentials import make_key

PAGE = "/d/acme/settings/"


def words(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def ask(key: str) -> int:
    return Client().get("/scim/v2/Users", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.fixture
def keys(acme: Domain, alice: object, umbra: Domain) -> list[str]:
    """Two of acme's, and one of umbra's that must go on."""
    return [make_key(domain)[1] for domain in (acme, acme, umbra)]


def test_pausing_says_in_numbers_what_it_means_and_then_does_it(manager: Client, acme: Domain, keys: list[str]) -> None:
    fill(acme, 4)
    page = words(manager.get(f"{PAGE}pause/"))
    assert "2 connections are answered with 503 until you resume them." in page
    assert "What is here stays as it is: 5 users, 1 group." in page
    assert [ask(key) for key in keys] == [200, 200, 200]
    assert "2 connections are paused." in said(manager, manager.post(f"{PAGE}pause/"))
    assert [ask(key) for key in keys] == [503, 503, 200]
    assert "nothing to pause" in words(manager.get(f"{PAGE}pause/"))
    assert "2 connections go on." in said(manager, manager.post(f"{PAGE}resume/"))
    assert [ask(key) for key in keys] == [200, 200, 200]


def test_disconnecting_wants_the_name_of_the_domain(manager: Client, keys: list[str]) -> None:
    page = words(manager.get(f"{PAGE}disconnect/"))
    assert "2 connections end at once and for good" in page
    assert "What is here stays as it is: 1 user, 0 groups." in page
    assert "To go on, type acme." in page
    for name in ("", "Acme", "umbra"):
        assert manager.post(f"{PAGE}disconnect/", {"name": name}).status_code == 200
    assert [ask(key) for key in keys] == [200, 200, 200]
    assert "2 connections are revoked." in said(manager, manager.post(f"{PAGE}disconnect/", {"name": "acme"}))
    assert [ask(key) for key in keys] == [401, 401, 200]
    assert "there is nothing to end" in words(manager.get(f"{PAGE}disconnect/"))


@pytest.mark.parametrize("verb, form", [("pause", {}), ("disconnect", {"name": "acme"})])
def test_each_connection_has_its_line_in_the_logbook(
    manager: Client, acme: Domain, keys: list[str], verb: str, form: dict[str, str]
) -> None:
    manager.post(f"{PAGE}{verb}/", form)
    lines = Entry.objects.filter(path=f"{PAGE}{verb}/")
    assert {line.subject_id for line in lines} == set(
        Connection.objects.filter(domain=acme).values_list("pk", flat=True)
    )
    assert all("with all others of the domain" in line.warnings[0] for line in lines)


@pytest.mark.parametrize("verb", ["pause", "resume", "disconnect"])
def test_an_auditor_stops_nothing(auditor: Client, keys: list[str], verb: str) -> None:
    assert auditor.post(f"{PAGE}{verb}/", {"name": "acme"}).status_code == 403
    assert [ask(key) for key in keys] == [200, 200, 200]

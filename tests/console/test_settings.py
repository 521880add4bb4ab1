"""Settings: who may, changes them, and everybody sees them; a change counts at once and leaves a line."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from oauth.expiries import warn_of_expiries
from oauth.models import AccessKey
from securelogin.directory.guard import Thresholds, thresholds_of
from securelogin.directory.held import Guard
from securelogin.directory.models import Domain, Manager, Role
from securelogin.logbook.models import Entry
from tests.console.conftest import browser_of
from tests.console.forms import said
from tests.credentials import make_key
from tests.people import make_user

PAGE = "/d/acme/settings/"
CHANGE = f"{PAGE}change/"
WHOLE = {
    "display_name": "Acme",
    "language": "en",
    "is_on": "True",
    "most": 500,
    "percent": 10,
    "minutes": 60,
    "newcomer_hours": 24,
}


def words(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def test_everybody_sees_what_is_set_and_how_long_what_is_kept_is_kept(auditor: Client, alice: object) -> None:
    page = words(auditor.get(PAGE))
    general = ("NameAcme", "Language of mailsEnglish")
    for said_there in (*general, "500, or 10 %, whichever is less", "60 minutes", "90 days", "30 days"):
        assert said_there in page
    assert "Ask one of them to do it: alice@acme.example." in page
    assert "Disconnect everything" not in page


def test_the_name_and_the_language_of_mails_are_changed(manager: Client, acme: Domain) -> None:
    page = said(manager, manager.post(CHANGE, {**WHOLE, "display_name": "Acme & Zonen", "language": "nl"}))
    assert "The settings are saved." in page
    assert "Acme &amp; Zonen" in page
    Manager.objects.update(login_email="alice@acme.example")
    make_key(acme)
    AccessKey.objects.update(
        not_after=timezone.now() + timedelta(days=20), created=timezone.now() - timedelta(days=300)
    )
    assert warn_of_expiries() == 1
    assert "verloopt op" in mail.outbox[0].subject


def test_the_thresholds_of_the_guard_are_changed_and_it_counts_anew(manager: Client) -> None:
    Guard.objects.create(domain=Domain.objects.get(name="acme"), users=3, since=9)
    manager.post(CHANGE, {**WHOLE, "display_name": "Other"})
    assert Guard.objects.get().since == 9
    manager.post(CHANGE, {**WHOLE, "most": 7, "percent": 3, "minutes": 5, "newcomer_hours": 0})
    row = Guard.objects.get()
    assert thresholds_of(row) == Thresholds(most=7, percent=3, minutes=5, newcomer_hours=0)
    assert row.since == 0


def test_the_guard_is_switched_off(manager: Client) -> None:
    manager.post(CHANGE, {**WHOLE, "is_on": "False"})
    assert Guard.objects.get().is_on is False
    assert "The guard is off" in words(manager.get("/d/acme/guard/"))


def test_a_change_leaves_a_line_that_says_what_and_saving_the_same_leaves_none(manager: Client) -> None:
    manager.post(CHANGE, WHOLE)
    assert not Entry.objects.filter(path=CHANGE).exists()
    manager.post(CHANGE, {**WHOLE, "language": "nl", "most": 3})
    line = Entry.objects.get(path=CHANGE)
    assert (line.actor_label, line.subject_type) == ("alice@acme.example", "domain")
    assert line.warnings == ["Settings were changed: language, most."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": ""},
        {"display_name": "x" * 201},
        {"language": "tlh"},
        {"is_on": "perhaps"},
        {"most": 0},
        {"most": "many"},
        {"percent": 101},
        {"minutes": 1441},
        {"newcomer_hours": -1},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    manager: Client, acme: Domain, wrong: dict[str, object]
) -> None:
    answer = manager.post(CHANGE, {**WHOLE, "display_name": "New", **wrong})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    acme.refresh_from_db()
    assert acme.display_name == "Acme"
    assert not Guard.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONNECTOR, Role.AUDITOR])
def test_only_an_owner_changes_settings(acme: Domain, alice: object, role: Role) -> None:
    browser = browser_of(make_user(acme, "bob@acme.example", role))
    for answer in (browser.get(CHANGE), browser.post(CHANGE, {**WHOLE, "display_name": "Mine"})):
        assert answer.status_code == 403
    acme.refresh_from_db()
    assert acme.display_name == "Acme"


def test_the_page_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _more in range(2):
        with django_assert_num_queries(7):
            manager.get(PAGE)
        for _number in range(5):
            make_key(acme)

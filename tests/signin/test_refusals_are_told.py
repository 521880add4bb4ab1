"""A refused sign-in leaves a line in the logbook of the domain, and never what somebody typed by mistake."""

import pytest
from django.test import Client

from securelogin.directory.models import Domain, User
from securelogin.logbook.models import Entry

pytestmark = pytest.mark.django_db


def sign_in(name: str, domain: str = "acme") -> None:
    answer = Client().post(f"/d/{domain}/login", {"username": name, "password": "wrong"})
    assert answer.status_code == 401


def test_a_managers_wrong_password_is_told_to_her_domain(acme: Domain, alice: User, umbra: Domain) -> None:
    sign_in("Alice@acme.example")
    line = Entry.objects.get()
    assert (line.domain_id, line.error_id, line.status) == (acme.pk, "sign_in", 401)
    assert (line.subject_id, line.actor_label) == (alice.pk, "alice@acme.example")
    assert "127.0.0.1" in line.detail


def test_a_password_in_the_wrong_field_is_not_kept(acme: Domain, mallory: User) -> None:
    sign_in("correct horse battery")
    sign_in("mallory@umbra.example")  # a name of another domain
    assert not [line for line in Entry.objects.all().values() if "horse" in str(line) or "mallory" in str(line)]
    assert set(Entry.objects.values_list("domain_id", "actor_label")) == {(acme.pk, "")}


def test_a_domain_that_is_not_there_has_no_line_of_its_own(acme: Domain) -> None:
    sign_in("alice@acme.example", "nowhere")
    assert Entry.objects.get().domain_id is None


def test_who_has_to_wait_is_told_too(acme: Domain) -> None:
    for _ in range(12):
        sign_in("x")
    assert "sign_in_wait" in set(Entry.objects.values_list("error_id", flat=True))

"""Profile > Access Key: a key is generated, shown once, rotated and revoked; whether it works, the API says."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key, revoke_key, rotate_key
from oauth.models import AccessKey, Connection
from securelogin.directory.models import Domain, User
from securelogin.logbook.models import Entry
from tests.console.forms import fill_in, said, shown

PAGE = "/d/acme/profile/access-key/"
TERMS = {"name": "Entra production", "scope": "scim", "lifetime": ""}


def test_connection(secret: str) -> int:
    """Press Test Connection in Entra."""
    answer = Client().get(
        "/scim/v2/Users?filter=userName+eq+%22nobody%22", headers={"Authorization": f"Bearer {secret}"}
    )
    return answer.status_code


test_connection.__test__ = False  # type: ignore[attr-defined]  # Entra's word, no test of ours


def generate(manager: Client, **terms: str) -> str:
    return shown(fill_in(manager, f"{PAGE}generate/", **TERMS | terms).content)["secret"]


@pytest.fixture
def key(acme: Domain, alice: User) -> AccessKey:
    return generate_key(acme, KeyTerms("Entra production"), Author(alice, "Alice", "192.0.2.1"))[0]


def test_a_key_is_shown_once_with_all_that_entra_asks_for(manager: Client) -> None:
    answer = fill_in(manager, f"{PAGE}generate/", **TERMS)
    values = shown(answer.content)
    assert values["secret"].startswith("slak_")
    assert values["tenant-url"] == "http://127.0.0.1:8000/scim/v2"
    assert "no-store" in answer["Cache-Control"]
    assert test_connection(values["secret"]) == 200
    assert values["secret"] not in manager.get(PAGE).content.decode()


def test_the_list_says_whose_key_it_is_and_what_became_of_it(manager: Client, alice: User) -> None:
    secret = generate(manager, lifetime=str(30 * 86_400))
    assert test_connection(secret) == 200
    page, key = manager.get(PAGE).content.decode(), AccessKey.objects.get()
    for words in ("Entra production", f"{secret[:12]}…{secret[-4:]}", "alice@acme.example", "127.0.0.1"):
        assert words in page
    assert abs(key.not_after - key.created - timedelta(days=30)) < timedelta(minutes=1)
    assert f"{key.not_after:%Y-%m-%d}" in page
    assert (key.author, key.created_ip) == (alice, "127.0.0.1")


def test_a_key_may_read_only(manager: Client) -> None:
    secret = generate(manager, scope="scim:read")
    refused = Client().post("/scim/v2/Users", {}, "application/json", headers={"Authorization": f"Bearer {secret}"})
    assert (test_connection(secret), refused.status_code) == (200, 403)


def test_sending_the_form_again_makes_no_second_key(manager: Client) -> None:
    page = manager.get(f"{PAGE}generate/")
    form = TERMS | {"ticket": page.context["form"].initial["ticket"], "password": "correct horse battery"}
    assert manager.post(f"{PAGE}generate/", form).status_code == 200
    again = manager.post(f"{PAGE}generate/", form)
    assert "was shown then" in said(manager, again)
    assert AccessKey.objects.count() == 1


@pytest.mark.parametrize("ticket", ["", "made-up", "x" * 100, "\x00"])
def test_a_ticket_that_was_not_given_makes_no_key(manager: Client, ticket: str) -> None:
    form = TERMS | {"ticket": ticket, "password": "correct horse battery"}
    assert "secret" not in shown(manager.post(f"{PAGE}generate/", form).content)
    assert not AccessKey.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "  "}, {"name": "x" * 101}, {"scope": "everything"}, {"lifetime": "-1"}, {"lifetime": "x"}],
)
def test_terms_that_cannot_be_are_asked_for_again(manager: Client, wrong: dict[str, str]) -> None:
    assert fill_in(manager, f"{PAGE}generate/", **TERMS | wrong).status_code == 400
    assert not AccessKey.objects.exists()


def test_rotating_leaves_time_to_enter_the_new_key(manager: Client, acme: Domain, alice: User) -> None:
    key, old = generate_key(acme, KeyTerms("Entra"), Author(alice, "Alice", None))
    answer = fill_in(manager, f"{PAGE}{key.pk}/rotate/", overlap="3600", lifetime="")
    new = shown(answer.content)["secret"]
    assert [test_connection(each) for each in (old, new)] == [200, 200]
    key.refresh_from_db()
    assert abs(key.not_after - key.successor.created - timedelta(hours=1)) < timedelta(minutes=1)
    assert f"{key.not_after:%Y-%m-%d %H:%M}" in answer.content.decode()
    assert Connection.objects.count() == 1


def test_a_key_is_replaced_once(manager: Client, key: AccessKey) -> None:
    address = f"{PAGE}{key.pk}/rotate/"
    fill_in(manager, address, overlap="3600", lifetime="")
    assert "has been replaced already" in said(manager, fill_in(manager, address, overlap="3600", lifetime=""))
    assert AccessKey.objects.count() == 2


def test_revoking_says_what_stops_and_then_stops_it(manager: Client, acme: Domain, alice: User) -> None:
    key, text = generate_key(acme, KeyTerms("Entra"), Author(alice, "Alice", None))
    page = manager.get(f"{PAGE}{key.pk}/revoke/").content.decode()
    assert "It is the last valid key of its connection" in page
    assert test_connection(text) == 200
    assert f"The key {key} is revoked" in said(manager, manager.post(f"{PAGE}{key.pk}/revoke/"))
    assert test_connection(text) == 401
    assert Connection.objects.get().state == "revoked"


def test_revoking_one_of_two_says_that_the_other_goes_on(manager: Client, key: AccessKey, alice: User) -> None:
    rotate_key(key, Author(alice, "Alice", None))
    assert "Other keys of the same connection go on." in manager.get(f"{PAGE}{key.pk}/revoke/").content.decode()


@pytest.mark.parametrize("verb", ["rotate", "revoke"])
def test_nothing_can_be_done_to_a_key_that_is_over(manager: Client, key: AccessKey, verb: str) -> None:
    revoke_key(key, "Alice")
    assert manager.get(f"{PAGE}{key.pk}/{verb}/").status_code == 404
    assert manager.post(f"{PAGE}{key.pk}/{verb}/").status_code == 404
    assert verb.capitalize() not in manager.get(PAGE).content.decode().partition("<tbody>")[2].replace("Revoked", "")


def test_each_act_leaves_a_line_in_the_logbook(manager: Client, acme: Domain) -> None:
    generate(manager)
    key = AccessKey.objects.get()
    fill_in(manager, f"{PAGE}{key.pk}/rotate/", overlap="3600", lifetime="")
    manager.post(f"{PAGE}{key.pk}/revoke/")
    lines = Entry.objects.filter(path__startswith=PAGE).order_by("id")
    successor = AccessKey.objects.get(replaces=key)
    assert [line.warnings[0] for line in lines] == [
        f"Access key …{key.last4} was generated.",
        f"Access key …{successor.last4} replaces …{key.last4}.",
        f"Access key …{key.last4} was revoked.",
    ]
    assert {(line.domain_id, line.subject_id, line.actor_label, line.changed) for line in lines} == {
        (acme.pk, key.connection_id, "alice@acme.example", True)
    }


def test_no_line_and_no_session_holds_the_key(manager: Client) -> None:
    secret = generate(manager)
    assert not [line for line in Entry.objects.values_list() if secret in str(line)]
    assert secret not in str(dict(manager.session))


def test_who_may_not_generate_reads_whom_to_ask(auditor: Client, alice: User, key: AccessKey) -> None:
    page = auditor.get(PAGE).content.decode()
    assert "Ask one of them to do it: alice@acme.example." in page
    assert "Generate Access key" not in page
    assert str(key) in page
    refused = auditor.get(f"{PAGE}generate/")
    assert refused.status_code == 403
    assert "Ask one of them to do it: alice@acme.example." in refused.content.decode()


def test_the_list_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 30):
        for number in range(count):
            generate_key(acme, KeyTerms(f"Key {number}"), Author(None, "Alice", None))
        with django_assert_num_queries(5):
            manager.get(PAGE)

"""Whatever is wrong with a credential, a stranger hears one sentence at one cost; its domain's logbook says why."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oauth.connections import pause
from oauth.models import AccessKey, AccessToken, Application
from oauth.tokens import new_access_token, new_key
from securelogin.directory import domains
from securelogin.directory.models import Domain, User
from securelogin.logbook import writer
from securelogin.logbook.models import Entry
from tests.credentials import make_key
from tests.oauth.walk import connect_machine
from tests.oauth.ways import WAYS


def ask(token: str) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/scim/v2/Users")


def expired_token(domain: Domain) -> str:
    token = str(connect_machine(domain)[1].ask().json()["access_token"])
    AccessToken.objects.update(expires=timezone.now())
    return token


def revoked_token(domain: Domain) -> str:
    made, machine = connect_machine(domain)
    token = str(machine.ask().json()["access_token"])
    made.revoke("Alice")
    return token


def orphaned_token(domain: Domain) -> str:
    token = str(connect_machine(domain)[1].ask().json()["access_token"])
    Application.objects.update(is_active=False)
    return token


def expired_key(domain: Domain) -> str:
    _, text = make_key(domain)
    AccessKey.objects.update(not_after=timezone.now())
    return text


def revoked_key(domain: Domain) -> str:
    _, text = make_key(domain)
    AccessKey.objects.update(revoked=timezone.now())
    return text


def ended_key(domain: Domain) -> str:
    key, text = make_key(domain)
    key.connection.revoke("Alice")
    return text


KNOWN: dict[Callable[[Domain], str], str] = {
    expired_token: "The access token has expired.",
    revoked_token: "Its connection has been ended, and the access token with it.",
    orphaned_token: "The client of this token is switched off.",
    expired_key: "The access key has expired.",
    revoked_key: "The access key has been revoked.",
    ended_key: "Its connection has been ended, and the access key with it.",
}
UNKNOWN: list[Callable[[Domain], str]] = [lambda _domain: new_access_token(), lambda _domain: new_key()]


@pytest.mark.parametrize("fault", [*KNOWN, *UNKNOWN])
def test_every_refusal_sounds_alike_and_costs_one_statement(
    acme: Domain, umbra: Domain, fault: Callable[[Domain], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server writes these in batches.
    monkeypatch.setattr(writer, "record", lambda _exchange: None)
    monkeypatch.setattr(writer, "transcribe", lambda _exchange, _answer: None)
    make_key(umbra)
    token = fault(acme)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(token)
    assert len(queries) == 1
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="scim", error="invalid_token"'
    assert answer.json()["detail"] == (
        "The access token is missing, unknown or expired. Authorize again in Entra, or enter a new token. "
        "[SL-CREDENTIAL]"
    )


@pytest.mark.parametrize("fault", KNOWN)
def test_a_known_credential_that_is_refused_is_in_its_domains_logbook(
    acme: Domain, umbra: Domain, fault: Callable[[Domain], str]
) -> None:
    make_key(umbra)
    token = fault(acme)
    assert ask(token).status_code == 401
    line = Entry.objects.latest("id")
    assert (line.domain_id, line.status, line.error_id) == (acme.pk, 401, "SL-CREDENTIAL")
    assert line.detail == KNOWN[fault]
    assert line.connection_id is not None
    assert line.actor_label in {"a test", "A machine"}
    assert token not in str(list(Entry.objects.values()))


@pytest.mark.parametrize("fault", UNKNOWN)
def test_an_unknown_credential_is_in_nobodys_logbook(acme: Domain, fault: Callable[[Domain], str]) -> None:
    ask(fault(acme))
    line = Entry.objects.latest("id")
    assert (line.domain_id, line.connection_id, line.actor_label) == (None, None, "")


@pytest.mark.parametrize("way", WAYS)
def test_a_call_that_is_held_up_is_in_its_domains_logbook(alice: User, way: str) -> None:
    made, bearer = WAYS[way](alice)
    token = bearer()
    pause(made, "Alice")
    ask(token)
    domains.suspend(alice.domain)
    ask(token)
    suspended, paused = Entry.objects.filter(path="/scim/v2/Users").order_by("-id")
    assert {line.domain_id for line in (paused, suspended)} == {alice.domain_id}
    assert {line.connection_id for line in (paused, suspended)} == {made.pk}
    assert (paused.status, paused.detail.startswith("A manager has paused")) == (503, True)
    assert (suspended.status, suspended.detail.startswith("The domain acme is suspended")) == (403, True)


@pytest.mark.parametrize("fault", ["secret", "connection", "domain"])
def test_a_refused_token_request_is_in_the_logbook_of_its_clients_domain(
    acme: Domain, umbra: Domain, fault: str
) -> None:
    connect_machine(umbra)
    made, machine = connect_machine(acme)
    if fault == "connection":
        made.revoke("Alice")
    if fault == "domain":
        domains.suspend(acme)
    answer = machine.ask(client_secret="wrong" if fault == "secret" else machine.secret)
    line = Entry.objects.get()
    assert (line.domain_id, line.connection_id, line.status) == (acme.pk, made.pk, answer.status_code)
    assert line.error_id == ("invalid_client" if fault == "secret" else "invalid_grant")
    assert line.detail == answer.json()["error_description"]


@pytest.mark.parametrize("way", WAYS)
def test_a_credential_of_one_domain_is_nothing_in_another(alice: User, mallory: User, way: str) -> None:
    _, bearer = WAYS[way](alice)
    browser = Client(headers={"Authorization": f"Bearer {bearer()}"})
    assert browser.get(f"/scim/v2/Users/{alice.pk}").status_code == 200
    assert browser.get(f"/scim/v2/Users/{mallory.pk}").status_code == 404

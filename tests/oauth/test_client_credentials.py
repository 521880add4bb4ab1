"""A client with credentials of its own (RFC 6749 §4.4): one client, one connection, one domain."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oauth.applications import ClientTerms
from oauth.connections import BadTermsError
from oauth.models import AccessToken, Application, ApplicationSecret, Connection, RefreshToken
from oauth.secrets import BadLifetimeError, TooManySecretsError, add_secret, expire, valid_secrets
from securelogin.directory.models import Domain, User
from securelogin.logbook import writer
from tests.oauth.walk import FORM, Answer, Entra, connect_machine, present, status_of


@pytest.fixture
def machine(acme: Domain, umbra: Domain) -> Entra:
    connect_machine(umbra)
    return connect_machine(acme)[1]


def error_of(answer: Answer) -> tuple[int, str]:
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.json()["error_description"]) > 20
    return answer.status_code, answer.json()["error"]


def test_the_answer_is_a_token_of_the_domain_and_no_refresh_token(machine: Entra, acme: Domain) -> None:
    answer = machine.ask(scope="scim")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    token = answer.json()
    assert set(token) == {"access_token", "expires_in", "token_type", "scope"}
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 3600, "scim")
    credential = present(f"Bearer {token['access_token']}")
    assert (credential.tenant.id, credential.actor.label) == (acme.pk, "A machine")
    assert not RefreshToken.objects.exists()


def test_credentials_may_come_in_the_header_in_the_body_or_in_both(machine: Entra) -> None:
    asked = {"grant_type": "client_credentials", "scope": "scim"}
    for header, body in (
        (machine.basic(), {}),
        ("", machine.credentials()),
        (machine.basic(), machine.credentials()),
        (machine.basic(), {"client_id": machine.application.client_id}),
    ):
        assert machine.post("/oauth/token", header, **asked | body).status_code == 200
    wrong = machine.credentials() | {"client_secret": "wrong"}
    assert error_of(machine.post("/oauth/token", machine.basic(), **asked | wrong)) == (401, "invalid_client")
    assert error_of(machine.post("/oauth/token", **asked)) == (401, "invalid_client")


@pytest.mark.parametrize("body", ["grant_type=client_credentials", "grant_type=client_credentials&scope="])
@pytest.mark.parametrize("scope", ["scim", "scim:read"])
def test_without_a_scope_the_client_gets_its_connections(acme: Domain, body: str, scope: str) -> None:
    _, machine = connect_machine(acme, scope=scope)
    answer = Client().post("/oauth/token", body, FORM, headers={"Authorization": machine.basic()})
    assert answer.json()["scope"] == scope
    assert present(f"Bearer {answer.json()['access_token']}").may_write() is (scope == "scim")


def test_less_than_was_granted_may_be_asked_for_and_more_may_not(acme: Domain) -> None:
    _, writer_ = connect_machine(acme)
    narrowed = writer_.ask(scope="scim:read").json()
    assert narrowed["scope"] == "scim:read"
    assert not present(f"Bearer {narrowed['access_token']}").may_write()
    _, reader = connect_machine(acme, scope="scim:read")
    for scope in ("scim", "scim scim:read", "everything", "scim:read everything"):
        assert error_of(reader.ask(scope=scope)) == (400, "invalid_scope")
    assert writer_.ask(scope="scim scim  scim:read scim").json()["scope"] == "scim scim:read"


@pytest.mark.parametrize("hours", [1, 6])
def test_a_token_lives_as_long_as_its_client_was_given(acme: Domain, hours: int) -> None:
    _, machine = connect_machine(acme, token_lifetime=timedelta(hours=hours))
    assert machine.ask().json()["expires_in"] == hours * 3600
    token = AccessToken.objects.get()
    assert abs((token.expires - token.created).total_seconds() - hours * 3600) < 5


@pytest.mark.parametrize(
    "terms, sentence",
    [
        ({"token_lifetime": timedelta(minutes=59)}, "from 1 to 6 hours"),
        ({"token_lifetime": timedelta(hours=7)}, "from 1 to 6 hours"),
        ({"secret_lifetime": timedelta(days=364)}, "from 1 to 3 years"),
        ({"secret_lifetime": timedelta(days=1097)}, "from 1 to 3 years"),
        ({"scope": "all"}, "scim, or scim:read"),
        ({"name": ""}, "1 to 100 characters"),
    ],
)
def test_terms_that_microsoft_would_not_accept_are_refused(terms: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadTermsError, match=sentence):
        ClientTerms(**{"name": "x"} | terms)


def test_a_secret_has_an_end_and_counts_no_more_after_it(machine: Entra) -> None:
    secret = valid_secrets(machine.application).get()
    assert secret.not_after is not None
    assert abs(secret.not_after - secret.created - timedelta(days=730)) < timedelta(minutes=1)
    expire(secret)
    assert error_of(machine.ask()) == (401, "invalid_client")


def test_two_secrets_work_side_by_side_and_a_third_is_refused(machine: Entra) -> None:
    second = add_secret(machine.application, timedelta(days=365))
    assert [machine.ask(client_secret=secret).status_code for secret in (machine.secret, second)] == [200, 200]
    with pytest.raises(TooManySecretsError, match="two valid secrets already"):
        add_secret(machine.application, timedelta(days=365))
    with pytest.raises(BadLifetimeError, match="from 1 to 3 years"):
        add_secret(machine.application, timedelta(days=30))
    expire(valid_secrets(machine.application)[0])
    third = add_secret(machine.application)
    newest = valid_secrets(machine.application).last()
    assert newest is not None
    assert newest.not_after is not None
    assert [machine.ask(client_secret=one).status_code for one in (machine.secret, second, third)] == [401, 200, 200]
    assert ApplicationSecret.objects.filter(application=machine.application).count() == 3


def test_each_grant_is_for_its_own_kind_of_client(machine: Entra, entra: Entra, alice: User) -> None:
    assert error_of(entra.ask()) == (400, "unauthorized_client")
    code, refresh_token = entra.authorize(alice)["code"], entra.connect(alice)["refresh_token"]
    assert error_of(machine.redeem(code)) == (400, "unauthorized_client")
    assert error_of(machine.refresh(refresh_token)) == (400, "unauthorized_client")
    assert entra.redeem(code).status_code == 200
    assert machine.browser.get(machine.authorize_url()).status_code == 400


@pytest.mark.parametrize("grant_type", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", ""])
def test_it_has_no_other_grant(machine: Entra, grant_type: str) -> None:
    answer = machine.token(grant_type=grant_type, username="alice", password="x")
    assert error_of(answer)[1] in {"unsupported_grant_type", "invalid_request"}


def test_a_client_whose_connection_was_ended_is_told_so(machine: Entra, acme: Domain) -> None:
    token = machine.ask().json()["access_token"]
    Connection.objects.get(domain=acme).revoke("Alice")
    assert status_of(token) == 401
    assert error_of(machine.ask()) == (400, "invalid_grant")
    assert machine.ask().json()["error_description"].startswith("This connection has been ended.")


def test_a_client_that_was_switched_off_gets_nothing(machine: Entra) -> None:
    token = machine.ask().json()["access_token"]
    Application.objects.update(is_active=False)
    assert status_of(token) == 401
    assert error_of(machine.ask()) == (401, "invalid_client")


def test_a_token_that_its_client_revokes_goes_alone(machine: Entra) -> None:
    first, second = (machine.ask().json()["access_token"] for _ in range(2))
    assert machine.post("/oauth/revoke", **machine.credentials(), token=first).status_code == 200
    assert [status_of(token) for token in (first, second)] == [401, 200]
    assert machine.ask().status_code == 200


def test_no_parameter_of_the_form_stands_in_for_what_was_looked_up(machine: Entra) -> None:
    assert machine.ask(connection="x", user="x", client="x", refresh_token_instance="x").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_token_costs_six_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "record", lambda _exchange: None)  # a server writes these lines in batches
    _, machine = connect_machine(Domain.objects.create(name="acme", display_name="Acme"))
    machine.ask()  # the use of the secret is noted once an hour
    with CaptureQueriesContext(connection) as queries:
        assert machine.ask().status_code == 200
    # BEGIN, the client, its secrets, its connection with the domain, the token, COMMIT.
    assert len(queries) == 6, [query["sql"][:80] for query in queries]

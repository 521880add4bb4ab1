"""The life of a connection: pending, active, replaced, paused, revoked; bound to one tenant, outliving its author."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oauth.applications import create_entra_application
from oauth.connections import forget_unredeemed
from oauth.models import Connection, Grant, RefreshToken
from securelogin.directory.models import Domain, Role, User
from tests.oauth.walk import Entra, status_of
from tests.people import make_user


def test_a_connection_says_who_made_it_when_and_from_where(entra: Entra, alice: User) -> None:
    entra.connect(alice)
    made = Connection.objects.get()
    assert (made.domain, made.kind, made.state) == (alice.domain, "authorize", "active")
    assert (made.authorized_by, made.authorized_by_name) == (alice, "alice@acme.example")
    assert made.created_ip == "127.0.0.1"


def test_a_new_authorize_replaces_the_connection_once_it_is_redeemed(entra: Entra, alice: User) -> None:
    old = entra.connect(alice)
    code = entra.authorize(alice)["code"]
    assert status_of(old["access_token"]) == 200
    new = entra.redeem(code).json()
    assert (status_of(old["access_token"]), status_of(new["access_token"])) == (401, 200)
    assert entra.refresh(old["refresh_token"]).json()["error"] == "invalid_grant"
    assert sorted(Connection.objects.values_list("state", flat=True)) == ["active", "revoked"]


def test_an_authorize_that_fails_cuts_nothing(entra: Entra, alice: User) -> None:
    old = entra.connect(alice)
    entra.redeem(entra.authorize(alice)["code"], redirect_uri="https://elsewhere.example")
    assert status_of(old["access_token"]) == 200
    assert entra.refresh(old["refresh_token"]).status_code == 200


def test_a_paused_connection_is_replaced_too(entra: Entra, alice: User) -> None:
    old = entra.connect(alice)
    Connection.objects.update(state=Connection.State.PAUSED)
    new = entra.connect(alice)
    assert (status_of(old["access_token"]), status_of(new["access_token"])) == (401, 200)


def test_another_domain_keeps_its_connection(entra: Entra, alice: User, mallory: User) -> None:
    theirs = entra.connect(mallory)
    entra.connect(alice)
    entra.connect(alice)
    assert status_of(theirs["access_token"]) == 200


def test_revoking_ends_codes_and_tokens_for_good(entra: Entra, alice: User, mallory: User) -> None:
    first, theirs = entra.connect(alice), entra.connect(mallory)
    second = entra.refresh(first["refresh_token"]).json()
    connection = Connection.objects.get(domain=alice.domain)
    connection.revoke("Alice")
    assert [status_of(token["access_token"]) for token in (first, second, theirs)] == [401, 401, 200]
    assert entra.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    connection.refresh_from_db()
    assert (connection.state, connection.revoked_by_name) == ("revoked", "Alice")
    connection.revoke("Bob")
    connection.refresh_from_db()
    assert connection.revoked_by_name == "Alice"


def test_a_code_that_waits_dies_with_its_connection(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    Connection.objects.get().revoke("Alice")
    assert entra.redeem(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_client_that_revokes_a_token_ends_the_connection(
    entra: Entra, alice: User, mallory: User, which: str
) -> None:
    first, theirs = entra.connect(alice), entra.connect(mallory)
    second = entra.refresh(first["refresh_token"]).json()
    response = entra.post("/oauth/revoke", **entra.credentials(), token=first[which])
    assert response.status_code == 200
    assert [status_of(token["access_token"]) for token in (first, second, theirs)] == [401, 401, 200]


def test_revoking_needs_the_clients_secret_and_does_not_tell_what_exists(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    wrong = entra.credentials() | {"client_secret": "wrong"}
    assert entra.post("/oauth/revoke", **wrong, token=token).status_code == 401
    assert entra.post("/oauth/revoke/", **entra.credentials(), token="unknown").status_code == 200
    assert status_of(token) == 200


def test_a_client_revokes_no_other_clients_token(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    another = Entra(*create_entra_application(name="Another"))
    assert another.post("/oauth/revoke", **another.credentials(), token=token).status_code == 200
    assert status_of(token) == 200


def test_another_clients_connection_stays(entra: Entra, alice: User) -> None:
    another = Entra(*create_entra_application(name="Another"))
    token = another.connect(alice)["access_token"]
    entra.connect(alice)
    assert status_of(token) == 200


def test_a_domain_has_one_live_authorize_connection_whoever_writes_it(entra: Entra, alice: User) -> None:
    entra.connect(alice)
    made = Connection.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(kind="authorize", domain=made.domain, application=made.application, name="x")


def test_a_connection_has_one_live_refresh_token_whoever_writes_it(entra: Entra, alice: User) -> None:
    entra.connect(alice)
    row = RefreshToken.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RefreshToken.objects.create(connection=row.connection, application=row.application, token_checksum="x")


@pytest.mark.parametrize("kind", [None, "tenant", "operators"])
@pytest.mark.django_db(transaction=True)
def test_a_connection_of_the_operators_domain_cannot_be_written(kind: str | None) -> None:
    operators = Domain.objects.create(name="operators", display_name="Operators", kind=Domain.Kind.OPERATORS)
    named = {} if kind is None else {"domain_kind": kind}
    with pytest.raises(IntegrityError):
        Connection.objects.create(kind="key", domain=operators, name="x", **named)


@pytest.mark.parametrize(
    "kind,with_application", [("authorize", False), ("client", False), ("federation", False), ("key", True)]
)
def test_kind_and_application_belong_together(entra: Entra, acme: Domain, kind: str, *, with_application: bool) -> None:
    application = entra.application if with_application else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(kind=kind, domain=acme, application=application, name="x")


@pytest.mark.parametrize("kind", Connection.Kind.values)
def test_connections_of_every_kind_outlive_their_author(entra: Entra, acme: Domain, kind: str) -> None:
    author = make_user(acme, "author", Role.OWNER)
    application = None if kind == "key" else entra.application
    made = Connection.objects.create(
        kind=kind, domain=acme, application=application, name="x", authorized_by=author, authorized_by_name="author"
    )
    author.delete()
    made.refresh_from_db()
    assert (made.authorized_by, made.authorized_by_name, made.state) == (None, "author", "active")


def test_codes_nobody_redeemed_leave_nothing_behind(entra: Entra, alice: User, mallory: User) -> None:
    entra.connect(mallory)
    entra.authorize(alice)
    assert forget_unredeemed() == 0
    Connection.objects.update(created=timezone.now() - timedelta(hours=2))
    assert forget_unredeemed() == 1
    assert list(Connection.objects.values_list("domain__name", flat=True)) == ["umbra"]
    assert not Grant.objects.exists()

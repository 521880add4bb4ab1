"""Bearer token → Credential (RFC 6750): one query, one sentence, one domain."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from oauth.authentication import BearerAuthentication, ConnectionPausedError
from oauth.models import AccessToken, Connection
from oauth.tokens import new_access_token
from securelogin.directory.models import Domain, User
from tests.oauth.walk import Entra, present, status_of


def test_a_token_is_a_connection_of_one_domain(entra: Entra, alice: User, mallory: User) -> None:
    entra.connect(mallory)
    credential = present(f"Bearer {entra.connect(alice)['access_token']}")
    made = Connection.objects.get(domain=alice.domain)
    assert (credential.tenant.id, credential.tenant.name) == (alice.domain_id, "acme")
    assert credential.connection_id == made.id
    assert (credential.actor.kind, credential.actor.id) == ("connection", str(made.id))
    assert credential.actor.label == "Microsoft Entra ID"
    assert credential.may_read()
    assert credential.may_write()


def test_a_token_costs_one_query(entra: Entra, alice: User) -> None:
    header = f"Bearer {entra.connect(alice)['access_token']}"
    present(header)
    with CaptureQueriesContext(connection) as queries:
        present(header)
    assert len(queries) == 1


def test_the_last_use_is_noted_now_and_then(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    assert Connection.objects.get().last_used is None
    assert status_of(token) == 200
    first = Connection.objects.get().last_used
    assert first is not None
    assert status_of(token) == 200
    assert Connection.objects.get().last_used == first
    Connection.objects.update(last_used=first - timedelta(minutes=6))
    assert status_of(token) == 200
    assert Connection.objects.filter(last_used__gte=first).exists()


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_schemes_case_does_not_matter(entra: Entra, alice: User, scheme: str) -> None:
    assert present(f"{scheme} {entra.connect(alice)['access_token']}").may_write()


def test_whatever_is_wrong_the_refusal_is_the_same(entra: Entra, alice: User) -> None:
    expired, revoked = entra.connect(alice)["access_token"], new_access_token()
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    wrong = [None, "", "Bearer", f"Basic {expired}", f"Bearer {expired}", f"Bearer {revoked}", f"Bearer {expired}x"]
    sentences = set()
    for header in wrong:
        with pytest.raises(AuthenticationFailed) as refusal:
            present(header)
        sentences.add(str(refusal.value.detail))
    assert len(sentences) == 1


@pytest.mark.parametrize("change", ["prefix", "checksum", "length"])
def test_a_misspelled_token_costs_no_query(db: None, change: str) -> None:
    token = new_access_token()
    last = "a" if token[-1] != "a" else "b"
    misspelled = {"prefix": "slort_" + token[6:], "checksum": token[:-1] + last, "length": token + "a"}[change]
    with CaptureQueriesContext(connection) as queries:
        assert status_of(misspelled) == 401
    assert len(queries) == 0


def test_a_token_in_the_query_is_not_seen(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    with pytest.raises(AuthenticationFailed):
        present(None, f"?access_token={token}")


def test_a_refresh_token_is_no_access_token(entra: Entra, alice: User) -> None:
    assert status_of(entra.connect(alice)["refresh_token"]) == 401


def test_a_suspended_domain_is_forbidden_with_a_sentence(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    Domain.objects.filter(pk=alice.domain_id).update(state=Domain.State.SUSPENDED)
    with pytest.raises(PermissionDenied, match="The domain acme is suspended"):
        present(f"Bearer {token}")


def test_a_paused_connection_asks_to_come_back_later(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    Connection.objects.update(state=Connection.State.PAUSED)
    with pytest.raises(ConnectionPausedError, match="paused") as refusal:
        present(f"Bearer {token}")
    assert isinstance(refusal.value, APIException)
    assert (refusal.value.status_code, refusal.value.wait) == (503, 300)


def test_a_client_that_is_switched_off_is_refused(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["access_token"]
    entra.application.is_active = False
    entra.application.save()
    assert status_of(token) == 401


def test_the_challenge_names_the_error_only_when_something_was_sent() -> None:
    factory, scheme = APIRequestFactory(), BearerAuthentication()
    assert scheme.authenticate_header(Request(factory.get("/"))) == 'Bearer realm="scim"'
    sent = Request(factory.get("/", HTTP_AUTHORIZATION="Bearer x"))
    assert scheme.authenticate_header(sent) == 'Bearer realm="scim", error="invalid_token"'

"""Access keys (Entra's Secret Token): made, used, replaced with an overlap, and ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oauth.connections import Author, BadTermsError
from oauth.keys import KeyOverError, KeyTerms, generate_key, keys_of, revoke_key, rotate_key
from oauth.models import AccessKey, Connection
from oauth.tokens import new_key
from securelogin.directory.models import Domain, User
from tests.credentials import AUTHOR, make_key
from tests.oauth.walk import present, status_of


def test_a_key_is_a_connection_of_one_domain(acme: Domain, umbra: Domain) -> None:
    make_key(umbra)
    key, text = make_key(acme)
    credential = present(f"Bearer {text}")
    assert (credential.tenant.id, credential.connection_id) == (acme.pk, key.connection_id)
    assert (credential.actor.kind, credential.actor.label) == ("connection", "a test")
    assert credential.may_write()
    assert (key.connection.kind, key.connection.application) == ("key", None)


def test_a_key_for_reading_does_not_write(acme: Domain) -> None:
    _, text = make_key(acme, "scim:read")
    browser = Client(headers={"Authorization": f"Bearer {text}"})
    assert browser.get("/scim/v2/Users").status_code == 200
    refused = browser.post("/scim/v2/Users", {"userName": "ann"}, content_type="application/scim+json")
    assert (refused.status_code, "SL-SCOPE" in refused.json()["detail"]) == (403, True)


def test_a_key_says_who_made_it_when_and_from_where(alice: User) -> None:
    key, _ = generate_key(alice.domain, KeyTerms("  Entra  "), Author(alice, "Alice", "192.0.2.7"))
    assert (key.author, key.author_name, key.created_ip) == (alice, "Alice", "192.0.2.7")
    assert (key.connection.authorized_by, key.connection.name) == (alice, "Entra")


def test_only_its_digest_and_its_ends_are_stored(acme: Domain) -> None:
    key, text = make_key(acme)
    kept = str(list(AccessKey.objects.values())) + str(list(Connection.objects.values()))
    assert text not in kept
    assert (key.hint, key.last4, str(key)) == (text[:12], text[-4:], f"{text[:12]}…{text[-4:]}")


def test_a_key_costs_one_query(acme: Domain) -> None:
    _, text = make_key(acme)
    present(f"Bearer {text}")
    with CaptureQueriesContext(connection) as queries:
        present(f"Bearer {text}")
    assert len(queries) == 1


def test_a_mistyped_key_costs_none(acme: Domain) -> None:
    _, text = make_key(acme)
    with CaptureQueriesContext(connection) as queries:
        assert status_of(text[:-1] + ("a" if text[-1] != "a" else "b")) == 401
        assert status_of("sloat_" + text.removeprefix("slak_")) == 401
    assert len(queries) == 0


def test_a_key_in_the_query_is_not_seen(acme: Domain) -> None:
    _, text = make_key(acme)
    assert Client().get(f"/scim/v2/Users?access_token={text}").status_code == 401
    both = Client(headers={"Authorization": f"Bearer {new_key()}"}).get(f"/scim/v2/Users?access_token={text}")
    assert both.status_code == 401


def test_when_and_from_where_it_was_last_used_is_noted_now_and_then(acme: Domain) -> None:
    key, text = make_key(acme)
    browser = Client(headers={"Authorization": f"Bearer {text}"}, REMOTE_ADDR="192.0.2.7")
    browser.get("/scim/v2/Users")
    key.refresh_from_db()
    first = key.last_used
    assert first is not None
    assert key.last_used_ip == "192.0.2.7"
    Client(headers={"Authorization": f"Bearer {text}"}, REMOTE_ADDR="192.0.2.8").get("/scim/v2/Users")
    key.refresh_from_db()
    assert (key.last_used, key.last_used_ip) == (first, "192.0.2.7")
    AccessKey.objects.update(last_used=first - timedelta(minutes=6))
    Client(headers={"Authorization": f"Bearer {text}"}, REMOTE_ADDR="192.0.2.8").get("/scim/v2/Users")
    key.refresh_from_db()
    assert key.last_used_ip == "192.0.2.8"
    assert Connection.objects.get().last_used is not None


def test_a_key_expires_when_its_time_has_come(acme: Domain) -> None:
    key, text = generate_key(acme, KeyTerms("short", lifetime=timedelta(days=1)), AUTHOR)
    assert status_of(text) == 200
    AccessKey.objects.filter(pk=key.pk).update(not_after=timezone.now())
    assert status_of(text) == 401


def test_a_key_is_replaced_without_a_gap(acme: Domain) -> None:
    old, first = make_key(acme)
    new, second = rotate_key(old, AUTHOR)
    assert (new.connection_id, new.replaces) == (old.connection_id, old)
    assert [status_of(text) for text in (first, second)] == [200, 200]
    old.refresh_from_db()
    assert old.not_after is not None
    assert timedelta(hours=23) < old.not_after - timezone.now() <= timedelta(hours=24)
    AccessKey.objects.filter(pk=old.pk).update(not_after=timezone.now())
    assert [status_of(text) for text in (first, second)] == [401, 200]


def test_a_replacement_lengthens_no_key(acme: Domain) -> None:
    old, _ = generate_key(acme, KeyTerms("short", lifetime=timedelta(hours=1)), AUTHOR)
    rotate_key(old, AUTHOR, overlap=timedelta(days=30))
    ends = old.not_after
    old.refresh_from_db()
    assert old.not_after == ends


def test_a_key_is_replaced_once_and_only_while_it_is_valid(acme: Domain) -> None:
    old, _ = make_key(acme)
    new, _ = rotate_key(old, AUTHOR)
    with pytest.raises(KeyOverError, match="replaced already"):
        rotate_key(old, AUTHOR)
    revoke_key(new, "Alice")
    with pytest.raises(KeyOverError, match="This key is over"):
        rotate_key(new, AUTHOR)
    assert AccessKey.objects.count() == 2


def test_no_key_has_two_successors_whoever_writes_them(acme: Domain) -> None:
    old, _ = make_key(acme)
    rotate_key(old, AUTHOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessKey.objects.create(connection=old.connection, digest="x", hint="x", last4="x", replaces=old)


def test_revoking_one_key_leaves_the_other_and_revoking_the_last_ends_the_connection(acme: Domain) -> None:
    old, first = make_key(acme)
    new, second = rotate_key(old, AUTHOR)
    revoke_key(old, "Alice")
    assert [status_of(text) for text in (first, second)] == [401, 200]
    assert Connection.objects.get().state == "active"
    revoke_key(new, "Alice")
    assert status_of(second) == 401
    ended = Connection.objects.get()
    assert (ended.state, ended.revoked_by_name) == ("revoked", "Alice")


def test_an_expired_key_does_not_keep_a_connection(acme: Domain) -> None:
    old, _ = make_key(acme)
    new, _ = rotate_key(old, AUTHOR)
    AccessKey.objects.filter(pk=old.pk).update(not_after=timezone.now())
    revoke_key(new, "Alice")
    assert Connection.objects.get().state == "revoked"


def test_revoking_the_connection_ends_all_its_keys_and_nobody_elses(acme: Domain, umbra: Domain) -> None:
    _, theirs = make_key(umbra)
    _, other = make_key(acme)
    old, first = make_key(acme)
    _, second = rotate_key(old, AUTHOR)
    old.connection.revoke("Alice")
    assert [status_of(text) for text in (first, second, other, theirs)] == [401, 401, 200, 200]
    assert AccessKey.objects.filter(revoked=None).count() == 2


def test_the_keys_of_a_domain_are_listed_newest_first_and_nobody_elses(acme: Domain, umbra: Domain) -> None:
    make_key(umbra)
    old, _ = make_key(acme)
    new, _ = rotate_key(old, AUTHOR)
    revoke_key(old, "Alice")
    assert list(keys_of(acme)) == [new, old]
    assert [key.is_over for key in keys_of(acme)] == [False, True]


@pytest.mark.parametrize(
    "terms, sentence",
    [
        ({"name": " "}, "a name of 1 to 100 characters"),
        ({"name": "x" * 101}, "a name of 1 to 100 characters"),
        ({"name": "x", "scope": "everything"}, "The scope is scim, or scim:read"),
        ({"name": "x", "scope": ""}, "The scope is scim, or scim:read"),
        ({"name": "x", "lifetime": timedelta()}, "would have expired"),
    ],
)
def test_terms_that_make_no_sense_are_refused_with_a_sentence(terms: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadTermsError, match=sentence):
        KeyTerms(**terms)

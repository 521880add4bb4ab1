"""Suspending a domain and pausing a connection hold it up, whichever way it is connected; then all goes on."""

import pytest
from django.test import Client

from oauth.connections import ConnectionOverError, connections_of, pause, resume
from oauth.models import Connection
from securelogin.directory import domains
from securelogin.directory.models import User
from tests.oauth.walk import Entra, status_of
from tests.oauth.ways import WAYS


def answer_to(token: str) -> tuple[int, str, str]:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/scim/v2/Users")
    return answer.status_code, answer.json().get("detail", ""), answer.get("Retry-After", "")


@pytest.mark.parametrize("way", WAYS)
def test_a_paused_connection_asks_to_come_back_and_then_goes_on(alice: User, mallory: User, way: str) -> None:
    (made, bearer), (_, others), (_, theirs) = WAYS[way](alice), WAYS["key"](alice), WAYS[way](mallory)
    token = bearer()
    pause(made, "Alice")
    status, said, wait = answer_to(token)
    assert (status, "[SL-PAUSED]" in said, wait) == (503, True, "300")
    assert [status_of(one()) for one in (others, theirs)] == [200, 200]
    made.refresh_from_db()
    assert (made.state, made.paused_by_name, made.paused_at is None) == ("paused", "Alice", False)
    assert answer_to(bearer())[0] == 503  # tokens are renewed meanwhile, or Entra would give up
    resume(made, "Alice")
    made.refresh_from_db()
    assert (made.state, made.paused_by_name, made.paused_at) == ("active", "", None)
    assert [status_of(one) for one in (token, bearer())] == [200, 200]


def test_pausing_and_resuming_twice_change_nothing(alice: User) -> None:
    made, _ = WAYS["key"](alice)
    resume(made, "Bob")
    pause(made, "Alice")
    first = Connection.objects.get().paused_at
    pause(made, "Bob")
    assert (Connection.objects.get().paused_at, Connection.objects.get().paused_by_name) == (first, "Alice")


def test_what_was_ended_is_not_paused_or_resumed(alice: User) -> None:
    made, bearer = WAYS["key"](alice)
    made.revoke("Alice")
    for change in (pause, resume):
        with pytest.raises(ConnectionOverError, match="has been ended"):
            change(made, "Bob")
    assert status_of(bearer()) == 401


def test_what_waits_for_its_code_is_neither_paused_nor_resumed_nor_listed(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    for change in (pause, resume):
        with pytest.raises(ConnectionOverError, match="not complete yet"):
            change(Connection.objects.get(), "Bob")
    assert not connections_of(alice.domain).exists()
    assert entra.redeem(code).status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_a_suspended_domain_is_refused_everywhere_and_then_goes_on(alice: User, mallory: User, way: str) -> None:
    (_, bearer), (_, theirs) = WAYS[way](alice), WAYS[way](mallory)
    token = bearer()
    domains.suspend(alice.domain)
    status, said, _ = answer_to(token)
    assert (status, "The domain acme is suspended" in said) == (403, True)
    assert bearer() == ("" if way != "key" else token)
    assert status_of(theirs()) == 200
    domains.resume(alice.domain)
    assert [status_of(one) for one in (token, bearer())] == [200, 200]


@pytest.mark.parametrize("way", WAYS)
def test_what_ends_while_a_domain_is_suspended_stays_ended(alice: User, way: str) -> None:
    made, bearer = WAYS[way](alice)
    token = bearer()
    domains.suspend(alice.domain)
    made.revoke("Alice")
    assert status_of(token) == 401
    domains.resume(alice.domain)
    assert [status_of(one) for one in (token, bearer())] == [401, 401]

"""Secrets and keys renewed while they are in use, and by many at once: no call fails, and nobody gets a third."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Event
from time import sleep

import pytest
from django.db import connection

from oauth.keys import KeyOverError, rotate_key
from oauth.models import AccessKey, Connection
from oauth.secrets import TooManySecretsError, add_secret, expire, valid_secrets
from securelogin.directory.models import Domain
from tests.credentials import AUTHOR, make_key
from tests.oauth.test_races import at_once
from tests.oauth.walk import connect_machine, status_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]
AT_ONCE = 16


@pytest.fixture
def domain(transactional_db: None) -> Domain:
    return Domain.objects.create(name="acme", display_name="Acme")


def outcome(work: Callable[[], object], *refusals: type[Exception]) -> str:
    try:
        work()
    except refusals:
        return "refused"
    return "done"


def test_of_many_who_renew_a_secret_at_once_one_does(domain: Domain) -> None:
    _, machine = connect_machine(domain)
    renew = partial(outcome, partial(add_secret, machine.application), TooManySecretsError)
    assert Counter(at_once(*[renew] * AT_ONCE)) == {"done": 1, "refused": AT_ONCE - 1}
    assert valid_secrets(machine.application).count() == 2


def test_of_many_who_replace_a_key_at_once_one_does(domain: Domain) -> None:
    key, text = make_key(domain)
    replace = partial(outcome, partial(rotate_key, key, AUTHOR), KeyOverError)
    assert Counter(at_once(*[replace] * AT_ONCE)) == {"done": 1, "refused": AT_ONCE - 1}
    assert AccessKey.objects.count() == 2
    assert status_of(text) == 200


def under_load(call: Callable[[], int], change: Callable[[], None], callers: int = 4) -> Counter[int]:
    """Make calls all the while that something changes; return how each ended."""
    over, statuses = Event(), Counter[int]()

    def calling() -> None:
        while not over.is_set():
            statuses[call()] += 1

    def changing() -> None:
        try:
            change()
        finally:
            over.set()

    at_once(*[calling] * callers, changing)
    return statuses


def test_a_key_is_replaced_under_load_without_one_failed_call(domain: Domain) -> None:
    key, text = make_key(domain)
    current = [text]

    def change() -> None:
        newest = key
        for _ in range(10):
            newest, successor = rotate_key(newest, AUTHOR)
            current[0] = successor

    assert set(under_load(lambda: status_of(current[0]), change)) == {200}
    assert status_of(text) == 200


def test_a_secret_is_renewed_under_load_without_one_failed_call(domain: Domain) -> None:
    _, machine = connect_machine(domain)
    current = [machine.secret]

    def change() -> None:
        for _ in range(5):
            (old,) = valid_secrets(machine.application)
            current[0] = add_secret(machine.application)
            sleep(0.3)  # the old one is ended once nobody uses it any more, as the operator does
            expire(old)

    assert set(under_load(lambda: int(machine.ask(client_secret=current[0]).status_code), change)) == {200}
    assert valid_secrets(machine.application).count() == 1


def test_a_token_asked_for_while_its_connection_is_ended_counts_for_nothing(domain: Domain) -> None:
    for _ in range(5):
        made, machine = connect_machine(domain)
        answers = at_once(*[machine.ask] * 4, partial(made.revoke, "Alice"))[:-1]
        for answer in answers:
            assert answer.status_code == 200 or answer.json()["error"] == "invalid_grant"
            assert status_of(answer.json().get("access_token", "")) == 401
        assert Connection.objects.get(pk=made.pk).state == "revoked"

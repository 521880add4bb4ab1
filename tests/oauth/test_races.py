"""Entra's workers refresh at the same moment, and browsers send twice: simultaneous requests on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from oauth.connections import activate, await_code
from oauth.models import AccessToken, Connection, RefreshToken
from securelogin.directory.models import Domain, Role, User
from tests.oauth.walk import Answer, Entra, status_of
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite writes one at a time"),
]
AT_ONCE = 8


@pytest.fixture
def manager(transactional_db: None) -> User:
    return make_user(Domain.objects.create(name="acme", display_name="Acme"), "alice", Role.OWNER)


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Make the calls at the same moment, each on a database connection of its own."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        try:
            gate.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_refreshes_at_once_all_succeed_and_all_their_tokens_work(entra: Entra, manager: User) -> None:
    token = entra.connect(manager)["refresh_token"]
    answers = at_once(*[lambda: entra.refresh(token)] * AT_ONCE)
    assert [answer.status_code for answer in answers] == [200] * AT_ONCE
    assert {status_of(answer.json()["access_token"]) for answer in answers} == {200}
    assert RefreshToken.objects.count() == 1


def test_a_rotating_client_that_refreshes_at_once_never_sees_a_server_error(entra: Entra, manager: User) -> None:
    entra.application.rotate_refresh_tokens = True
    entra.application.save()
    token = entra.connect(manager)["refresh_token"]
    answers = at_once(*[lambda: entra.refresh(token)] * AT_ONCE)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (AT_ONCE - 1)


def test_a_code_sent_at_once_gives_one_pair(entra: Entra, manager: User) -> None:
    code = entra.authorize(manager)["code"]
    answers = at_once(*[lambda: entra.redeem(code)] * AT_ONCE)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (AT_ONCE - 1)
    assert (AccessToken.objects.count(), RefreshToken.objects.count()) == (1, 1)


def test_two_codes_redeemed_at_once_leave_one_connection(entra: Entra, manager: User) -> None:
    codes = [entra.authorize(manager)["code"] for _ in range(AT_ONCE)]
    answers = at_once(*[lambda code=code: entra.redeem(code) for code in codes])
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(status_of(answer.json()["access_token"]) for answer in answers) == [200] + [401] * (AT_ONCE - 1)


def test_an_activation_waits_for_another_of_the_domain_and_then_replaces_it(entra: Entra, manager: User) -> None:
    first, second = (await_code(manager, entra.application, "scim", code, "127.0.0.1") for code in "ab")
    active = Event()

    def activate_slowly() -> None:
        with transaction.atomic():
            activate(first)
            active.set()
            sleep(0.3)  # so that the other one has surely begun

    def activate_after() -> None:
        active.wait()
        with transaction.atomic():
            activate(second)

    at_once(activate_slowly, activate_after)
    states = dict(Connection.objects.values_list("code_digest", "state"))
    assert states == {first.code_digest: "revoked", second.code_digest: "active"}


def test_a_refresh_during_a_revocation_leaves_no_token_behind(entra: Entra, manager: User) -> None:
    for _ in range(5):
        token = entra.connect(manager)["refresh_token"]
        made = Connection.objects.get(state="active")
        refreshes = [lambda token=token: entra.refresh(token)] * 3
        at_once(*refreshes, lambda made=made: made.revoke("Alice"))
        assert not AccessToken.objects.filter(connection=made, expires__gt=timezone.now()).exists()


def test_a_rotation_during_a_revocation_leaves_no_refresh_token_behind(entra: Entra, manager: User) -> None:
    entra.application.rotate_refresh_tokens = True
    entra.application.save()
    for _ in range(5):
        token = entra.connect(manager)["refresh_token"]
        made = Connection.objects.get(state="active")
        at_once(partial(entra.refresh, token), partial(made.revoke, "Alice"))
        assert not RefreshToken.objects.filter(connection=made).exists()
        assert not AccessToken.objects.filter(connection=made, expires__gt=timezone.now()).exists()

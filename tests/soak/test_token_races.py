"""Sixteen requests with one code, or with one refresh token, at the same moment and many times over; and a purge."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection

from oauth.applications import create_entra_application
from oauth.models import AccessToken, RefreshToken
from securelogin.directory.models import Domain, Role, User
from tests.oauth.walk import Entra, status_of
from tests.people import make_user
from tests.soak.conftest import on_postgresql
from tests.soak.provisioner import at_once

pytestmark = [pytest.mark.django_db(transaction=True), on_postgresql]
AT_ONCE, ROUNDS = 16, 500


@pytest.fixture
def entra(transactional_db: None) -> Entra:
    return Entra(*create_entra_application())


@pytest.fixture
def manager(transactional_db: None) -> User:
    return make_user(Domain.objects.create(name="acme", display_name="Acme"), "alice", Role.OWNER)


@pytest.fixture
def crew() -> Iterator[ThreadPoolExecutor]:
    """Threads that keep their connections to the database from round to round, as a server's do."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool
        everybody = Barrier(AT_ONCE)  # or a few would close theirs again and again

        def leave(_: int) -> None:
            everybody.wait()
            connection.close()

        list(pool.map(leave, range(AT_ONCE)))


def redeem_together(entra: Entra, manager: User, crew: ThreadPoolExecutor) -> None:
    code = entra.authorize(manager)["code"]
    answers = list(crew.map(lambda _: entra.redeem(code), range(AT_ONCE)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (AT_ONCE - 1)
    winner = next(answer.json()["access_token"] for answer in answers if answer.status_code == 200)
    assert status_of(winner) == 200


def refresh_together(entra: Entra, token: str, crew: ThreadPoolExecutor) -> None:
    answers = list(crew.map(lambda _: entra.refresh(token), range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {200}
    assert {status_of(answer.json()["access_token"]) for answer in answers} == {200}


@pytest.mark.soak
def test_one_code_is_one_pair_however_often(
    entra: Entra, manager: User, crew: ThreadPoolExecutor, say: Callable[[str], None]
) -> None:
    for _ in range(ROUNDS):
        redeem_together(entra, manager, crew)
    assert RefreshToken.objects.filter(revoked=None).count() == 1
    say(f"{ROUNDS} rounds of {AT_ONCE} with one code: one 200 and fifteen 400 in each")


@pytest.mark.soak
def test_one_refresh_token_serves_everybody_however_often(
    entra: Entra, manager: User, crew: ThreadPoolExecutor, say: Callable[[str], None]
) -> None:
    token = entra.connect(manager)["refresh_token"]
    for _ in range(ROUNDS // 5):
        refresh_together(entra, token, crew)
    assert RefreshToken.objects.count() == 1
    say(f"{ROUNDS // 5} rounds of {AT_ONCE} with one refresh token: all 200, all access tokens work")


def test_a_purge_during_refreshes_harms_nobody(entra: Entra, manager: User) -> None:
    token = entra.connect(manager)["refresh_token"]

    def purge() -> int:
        try:
            for _ in range(3):
                call_command("cleartokens")
            return 200
        finally:
            connection.close()

    def refresh() -> int:
        try:
            AccessToken.objects.update(expires="2020-01-01T00:00:00Z")
            return int(entra.refresh(token).status_code)
        finally:
            connection.close()

    assert set(at_once([purge, *[refresh] * 6])) == {200}
    assert entra.refresh(token).status_code == 200
    assert RefreshToken.objects.count() == 1

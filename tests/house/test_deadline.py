"""A request that waits for the database longer than its time is cut off; one that is quick never notices."""

import threading
import time

import pytest
from django.db import OperationalError, connection

from securelogin import deadline
from securelogin.deadline import within
from securelogin.postgresql import base
from securelogin.postgresql.base import Gate

ENDLESS = {
    "postgresql": "SELECT pg_sleep(60)",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
}


@pytest.mark.django_db(transaction=True)
def test_a_wait_ends_with_its_time_and_the_next_request_works() -> None:
    with connection.cursor() as cursor, within(0.3), pytest.raises(OperationalError):
        cursor.execute(ENDLESS[connection.vendor])
    base.gate.open()
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_who_is_done_in_time_is_forgotten() -> None:
    with within(5):
        assert threading.get_ident() in deadline._running
    assert threading.get_ident() not in deadline._running


def test_the_gate_lets_one_try_while_the_others_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    gate = Gate()
    gate.enter()
    gate.close()
    with pytest.raises(OperationalError, match="no answer"):
        gate.enter()
    now += base.REST_SECONDS
    gate.enter()
    with pytest.raises(OperationalError, match="no answer"):
        gate.enter()
    gate.open()
    gate.enter()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite is no server")
def test_a_connection_that_the_server_has_ended_is_replaced_without_a_failure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [ended] = cursor.fetchone()
    killer = connection.copy()
    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    killer.close()
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (ended,)


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_slow_elsewhere_costs_nobody_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    raw = connection.connection
    with within(0.1):
        # As one whose body comes a byte at a time: it waits, and not for the database.
        threading.Event().wait(0.1 + 3 * deadline._SECONDS_BETWEEN_LOOKS)
    base.gate.enter()
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.connection is raw

"""Guessing gets slower where it comes from, and shuts nobody out of her own account: neither her nor a namesake."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from securelogin.directory.models import Domain, User
from securelogin.signin import throttle
from securelogin.signin.models import LoginFailure
from tests.people import PASSWORD, make_user


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test does not let it: on a slow machine, fifty attempts would take as long as the wait."""
    moment = timezone.now()
    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=lambda: moment))


def attempt(username: str, password: str, domain: str = "acme", address: str = "192.0.2.1") -> int:
    form = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post(f"/d/{domain}/login", form).status_code


def fail(times: int, username: str = "alice@acme.example", **where: str) -> None:
    for _ in range(times):
        assert attempt(username, "wrong", **where) == 401


def wait(seconds: float) -> None:
    """Let time pass, by moving the failures back."""
    for row in LoginFailure.objects.all():
        LoginFailure.objects.filter(pk=row.pk).update(last=row.last - timedelta(seconds=seconds))


def test_a_few_failures_cost_nothing(alice: User) -> None:
    fail(4)
    assert attempt(alice.user_name, PASSWORD) == 303


def test_after_five_failures_even_the_right_password_waits(alice: User) -> None:
    fail(5)
    assert attempt(alice.user_name, PASSWORD) == 401
    wait(6)
    assert attempt(alice.user_name, PASSWORD) == 303


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(alice: User) -> None:
    keys = throttle.keys_of("acme", alice.user_name, "192.0.2.1")[:1]
    waits = []
    for _ in range(20):
        assert throttle.admit(keys)
        row = LoginFailure.objects.get()
        waits.append(throttle._wait(row).total_seconds())
        wait(901)
    assert waits[:8] == [0, 0, 0, 0, 5, 10, 20, 40]
    assert max(waits) == waits[-1] == 900


def test_waiting_attempts_do_not_lengthen_the_wait(alice: User) -> None:
    fail(50)
    wait(6)
    assert attempt(alice.user_name, PASSWORD) == 303


def test_spelling_the_name_otherwise_does_not_help(alice: User) -> None:
    fail(5, "ALICE@acme.example")
    assert attempt(alice.user_name, PASSWORD) == 401


def test_a_namesake_in_another_domain_is_not_locked(acme: Domain, umbra: Domain) -> None:
    make_user(acme, "ann")
    make_user(umbra, "ann")
    fail(8, "ann")
    assert attempt("ann", PASSWORD, domain="umbra", address="192.0.2.2") == 303


def test_unknown_people_are_counted_alike(acme: Domain) -> None:
    fail(6, "nobody")
    assert LoginFailure.objects.get(kind="user").count == 5


def test_success_forgets_the_persons_failures_and_nobody_elses(alice: User) -> None:
    fail(3, "somebody")
    fail(3)
    assert attempt(alice.user_name, PASSWORD) == 303
    assert list(LoginFailure.objects.filter(kind="user").values_list("count", flat=True)) == [3]
    assert LoginFailure.objects.get(kind="address").count == 6


def test_an_address_that_guesses_many_names_waits(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle._FREE, LoginFailure.Kind.ADDRESS, 6)
    for number in range(6):
        fail(1, f"name{number}", address="2001:db8:1:2::1")
    assert attempt(alice.user_name, PASSWORD, address="2001:db8:1:2:ffff::9") == 401
    assert attempt(alice.user_name, PASSWORD, address="2001:db8:1:3::1") == 303


def test_guesses_sent_at_once_are_counted_one_by_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = throttle.keys_of("acme", "ann", "192.0.2.1")
    nothing = {key: (0, timedelta(0)) for key in keys}
    monkeypatch.setattr(throttle, "_counts", lambda _keys: nothing)  # all looked before any had counted
    assert [throttle.admit(keys) for _ in range(8)] == [True] * 5 + [False] * 3


def test_a_stranger_who_never_stops_guessing_locks_nobody_out(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=lambda: now))
    guessed, accepted, begun = 0, [], now
    his = throttle.keys_of("acme", alice.user_name, "198.51.100.66")
    while now < begun + timedelta(hours=3):
        guessed += throttle.admit(his)
        now += timedelta(seconds=5)
        if _is_every_ten_minutes(now - begun):
            accepted.append(attempt(alice.user_name, PASSWORD))
    assert accepted == [303] * 18
    assert guessed < 25


def _is_every_ten_minutes(since: timedelta) -> bool:
    return since % timedelta(minutes=10) == timedelta(0)


def test_many_addresses_together_get_three_guesses_a_minute_at_one_person(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.fromisoformat("2026-11-22T12:00:00Z")
    monkeypatch.setattr(throttle, "timezone", SimpleNamespace(now=lambda: moment))

    def tries(network: str) -> list[bool]:
        keys = [throttle.keys_of("acme", alice.user_name, f"{network}.{place}") for place in range(20)]
        return [throttle.admit(each) for each in keys]

    assert tries("192.0.2") == [True] * 8 + [False] * 12  # five are free
    moment += timedelta(minutes=1)
    assert tries("198.51.100") == [True] * 4 + [False] * 16  # the first finds the wait of the eighth over
    moment += timedelta(minutes=1)
    assert attempt(alice.user_name, PASSWORD) == 303


def test_whoever_has_to_wait_takes_nobodys_turn(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle._FREE, LoginFailure.Kind.ADDRESS, 6)
    for place in range(6):
        fail(1, address=f"192.0.2.{place}")
    for number in range(6):
        fail(1, f"name{number}", address="198.51.100.66")
    fail(10, address="198.51.100.66")
    assert attempt(alice.user_name, PASSWORD, address="203.0.113.1") == 303


def test_a_domain_under_attack_still_lets_its_people_in(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle._FREE, LoginFailure.Kind.DOMAIN, 6)
    for number in range(9):
        fail(1, f"name{number}", address=f"198.51.100.{number}")
    assert attempt(alice.user_name, PASSWORD) == 303


def test_failures_are_forgotten_after_a_day(alice: User) -> None:
    fail(5)
    wait(86_401)
    fail(1)
    assert LoginFailure.objects.get(kind="user").count == 1
    wait(86_401)
    assert throttle.forget_old() == 4


def test_no_name_is_kept_in_clear(alice: User) -> None:
    fail(1, "my-password-by-mistake")
    before = timezone.now() - timedelta(minutes=1)
    rows = LoginFailure.objects.filter(last__gt=before).values_list("key_digest", flat=True)
    assert len(rows) == 4
    assert all(len(digest) == 64 and "password" not in digest for digest in rows)


def test_failures_by_a_clock_that_is_ahead_make_nobody_wait(alice: User) -> None:
    fail(4)
    wait(-600)  # counted by a server whose clock is ten minutes ahead
    assert attempt(alice.user_name, PASSWORD) == 303
    assert attempt(alice.user_name, PASSWORD) == 303

"""The issuer's keys: fetched when they are needed, not oftener, and believed for a bounded time while it is away."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc.jwk import ECKey

from oauth import fetching, keyring
from securelogin.directory.models import Domain
from tests.oauth.issuer import KEY, SECOND_KEY, STRANGERS_KEY, FakeEntra, published
from tests.oauth.workload import Workload


class Clock:
    """Time as the keyring sees it, in seconds."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keyring, "monotonic", clock)
    return clock


def statuses(workload: Workload, **forged: Any) -> int:
    return int(workload.ask(workload.issuer.forge(**forged)).status_code)


def key_check(workload: Workload) -> dict[str, Any]:
    """What the verdict says of the key."""
    return next(row for row in workload.trust.last_verdict if row["check"] == "key")


def test_keys_are_fetched_once(workload: Workload) -> None:
    assert [statuses(workload) for _ in range(3)] == [200, 200, 200]
    assert workload.issuer.asked == 1


def test_a_new_key_is_fetched_when_it_is_first_used(workload: Workload, clock: Clock) -> None:
    assert statuses(workload) == 200
    workload.issuer.keys.append(SECOND_KEY)
    clock.now += keyring.BETWEEN_FETCHES + 1
    assert statuses(workload, key=SECOND_KEY) == 200
    assert statuses(workload, key=KEY) == 200
    assert workload.issuer.asked == 2


def test_unknown_keys_do_not_make_us_ask_all_the_time(workload: Workload, clock: Clock) -> None:
    for number in range(5):
        assert statuses(workload, key=STRANGERS_KEY, header={"kid": f"made up {number}"}) == 401
    assert workload.issuer.asked == 1
    clock.now += keyring.BETWEEN_FETCHES + 1
    assert statuses(workload, key=STRANGERS_KEY, header={"kid": "made up"}) == 401
    assert workload.issuer.asked == 2


def test_a_key_that_is_withdrawn_is_gone_within_the_hour(workload: Workload, clock: Clock) -> None:
    assert statuses(workload) == 200
    workload.issuer.keys = [SECOND_KEY]
    assert statuses(workload, key=KEY) == 200
    clock.now += keyring.FRESH_FOR + 1
    assert statuses(workload, key=KEY) == 401
    assert statuses(workload, key=SECOND_KEY) == 200


def test_an_outage_keeps_the_keys_for_a_day_and_says_so(workload: Workload, clock: Clock) -> None:
    assert statuses(workload) == 200
    workload.issuer.status = 503
    clock.now += keyring.FRESH_FOR + 1
    assert statuses(workload) == 200
    workload.ask(workload.issuer.forge(aud="elsewhere"))  # a verdict that differs is kept at once
    assert "its keys are 60 minutes old, since 127.0.0.1 answered 503" in key_check(workload)["expected"]
    clock.now += keyring.KEPT_FOR
    assert statuses(workload) == 401


def test_when_the_issuer_is_back_so_are_its_keys(workload: Workload, clock: Clock) -> None:
    workload.issuer.status = 503
    assert statuses(workload) == 401
    workload.issuer.status = 200
    assert statuses(workload) == 401
    clock.now += keyring.BETWEEN_FETCHES + 1
    assert statuses(workload) == 200
    assert workload.issuer.asked == 2


BAD_ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"body": b""}, "no JWK Set"),
    ({"body": b"<h1>Welcome</h1>"}, "no JWK Set"),
    ({"body": b"[]"}, "no JWK Set"),
    ({"body": b"{}"}, "no JWK Set"),
    ({"body": b"[" * 100_000}, "no JWK Set"),
    ({"body": b"\xff"}, "no JWK Set"),
    ({"body": b" " * (fetching.MOST + 1)}, "too much"),
    ({"status": 404}, "answered 404"),
    ({"status": 500}, "answered 500"),
    ({"status": 302, "location": "http://127.0.0.1:1/keys"}, "answered 302"),
]


@pytest.mark.parametrize("answer, reason", BAD_ANSWERS, ids=lambda part: str(part)[:40])
def test_an_answer_without_keys_is_told(workload: Workload, answer: dict[str, Any], reason: str) -> None:
    for name, value in answer.items():
        setattr(workload.issuer, name, value)
    assert statuses(workload) == 401
    assert reason in key_check(workload)["expected"]


MODULUS = KEY.as_dict(private=False)["n"]


def weak(**changes: Any) -> dict[str, Any]:
    return {"kty": "RSA", "use": "sig", "kid": "odd", "e": "AQAB", "n": MODULUS} | changes


UNUSABLE: list[Any] = [
    7,
    None,
    [],
    {},
    weak(kty="EC"),
    weak(kty="oct", k="c2VjcmV0"),
    weak(use="enc"),
    weak(alg="RS512"),
    weak(kid=None),
    weak(kid=7),
    weak(n="AQAB"),
    weak(n="A" * 20_000),
    weak(n="!" * 342),
    weak(n=7),
    weak(e="AA"),
    weak(e=None),
    pytest.param(ECKey.generate_key("P-256", {"kid": "odd"}).as_dict(private=False), id="P-256"),
]


@pytest.mark.parametrize("entry", UNUSABLE, ids=lambda entry: str(entry).replace(MODULUS, "")[:60])
def test_a_key_that_cannot_be_used_is_passed_over(workload: Workload, entry: Any) -> None:
    good = json.loads(workload.issuer.answer(workload.issuer.keys_path)[1])["keys"]
    workload.issuer.body = json.dumps({"keys": [entry, *good]}).encode()
    assert statuses(workload, header={"kid": "odd"}) == 401
    assert statuses(workload) == 200


@pytest.mark.parametrize("keys", [None, 7, {}, "keys", []])
def test_a_set_without_keys_has_none(workload: Workload, keys: Any) -> None:
    workload.issuer.body = json.dumps({"keys": keys}).encode()
    assert statuses(workload) == 401


def test_an_issuer_that_is_silent_is_named(workload: Workload, monkeypatch: pytest.MonkeyPatch) -> None:
    workload.issuer.go_on.clear()
    monkeypatch.setattr(fetching, "_SECONDS_OF_SILENCE", 0.05)
    assert statuses(workload) == 401
    assert "127.0.0.1 cannot be reached: timed out" in key_check(workload)["expected"]
    workload.issuer.go_on.set()


def test_an_issuer_that_is_down_is_named(acme: Domain) -> None:
    keyring.forget()
    with published(FakeEntra()) as fake:
        workload = Workload.of(fake, acme)
    assert statuses(workload) == 401
    assert "127.0.0.1 cannot be reached: [Errno 111]" in key_check(workload)["expected"]


def test_what_names_no_key_needs_none(workload: Workload) -> None:
    assert workload.ask("nonsense").status_code == 401
    assert statuses(workload, header={"kid": None}) == 401
    assert workload.issuer.asked == 0


def test_nobody_waits_for_long(workload: Workload, monkeypatch: pytest.MonkeyPatch) -> None:
    workload.issuer.go_on.clear()
    monkeypatch.setattr(keyring, "PATIENCE", 0.05)
    assert statuses(workload) == 401
    assert "its keys are not here yet" in key_check(workload)["expected"]
    monkeypatch.undo()
    workload.issuer.go_on.set()
    assert statuses(workload) == 200
    assert workload.issuer.asked == 1


@pytest.fixture
def fakes() -> Iterator[list[FakeEntra]]:
    keyring.forget()
    with published(FakeEntra()) as one, published(FakeEntra()) as other:
        yield [one, other]


def test_one_fetch_at_a_time_serves_everybody_who_waits(fakes: list[FakeEntra]) -> None:
    fake, url = fakes[0], f"{fakes[0].address}{fakes[0].keys_path}"
    fake.go_on.clear()
    with ThreadPoolExecutor(8) as callers:
        waiting = [callers.submit(keyring.await_key, url, str(KEY.kid)) for _ in range(8)]
        fake.go_on.set()
        assert [each.result() for each in waiting] == [None] * 8
    assert fake.asked == 1
    assert KEY.kid in keyring.keys_at(url).by_id


def test_one_issuers_keys_say_nothing_of_anothers(fakes: list[FakeEntra]) -> None:
    fakes[1].keys = [SECOND_KEY]
    for fake in fakes:
        keyring.await_key(f"{fake.address}{fake.keys_path}", "any")
    known = [set(keyring.keys_at(f"{fake.address}{fake.keys_path}").by_id) for fake in fakes]
    assert known == [{KEY.kid}, {SECOND_KEY.kid}]


def test_memory_has_an_end(fakes: list[FakeEntra], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "_MOST_ISSUERS", 1)
    urls = [f"{fake.address}{fake.keys_path}" for fake in fakes]
    for url in urls:
        keyring.await_key(url, "any")
    assert not keyring.keys_at(urls[0]).by_id

"""The database restarts, goes away and stalls: 503 within ten seconds, and it recovers by itself."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

import pytest
import requests

from tests.installation import Installation, free_port, serving
from tests.postgresql import Cluster, throw_away
from tests.soak.conftest import assert_unsurprised, on_postgresql
from tests.soak.ledger import Ledger
from tests.soak.provisioner import LONGEST_ANSWER, Provisioner, at_once
from tests.soak.proxy import Proxy, proxy_to
from tests.soak.truth import assert_whole, rows

pytestmark = on_postgresql
SEED = int(os.environ.get("SOAK_SEED", "20261122"))
CLIENTS = 12  # three times the threads that serve them: who waits for a thread waits no longer either
LONGEST_RECOVERY = 5.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Site:
    """An installation whose database is its own, behind a proxy."""

    cluster: Cluster
    proxy: Proxy
    here: Installation


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("outages")
    cluster = throw_away(Path(f"/tmp/securelogin-outages-{os.getpid()}"), free_port())  # noqa: S108  # postgres must enter
    if cluster is None:
        pytest.skip("PostgreSQL's programs are not here")
    cluster.create()
    try:
        with proxy_to(cluster.port) as proxy:
            url = f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres"
            with serving(folder, free_port(), url) as here:
                yield Site(cluster, proxy, here)
                assert_unsurprised(here)
    finally:
        cluster.remove()


def survive_restarts(site: Site, domain: str, times: int) -> Ledger:
    ledger = Ledger.open(Provisioner.of(site.here, domain), SEED)

    def restart() -> None:
        for _ in range(times):
            time.sleep(1)
            site.cluster.restart()
        time.sleep(1)

    ledger.during(restart)
    ledger.assert_kept()
    assert_whole(site.cluster.url)
    return ledger


def test_restarts_of_the_database_lose_nothing(site: Site) -> None:
    assert survive_restarts(site, "few-restarts", 2).clerks[0].written > 5


@pytest.mark.soak
def test_fifty_restarts_of_the_database_lose_nothing(site: Site, say: Say) -> None:
    times = int(os.environ.get("SOAK_RESTARTS", "50"))
    say(f"{times} restarts: {survive_restarts(site, 'many-restarts', times).figures}")


def test_after_a_restart_at_rest_nobody_notices(site: Site) -> None:
    acme = Provisioner.of(site.here, "at-rest")
    at_once([partial(acme.total, "Users")] * 8)
    site.cluster.restart()
    answers = [acme.call("GET", "/Users?count=0").status for _ in range(12)]
    assert answers == [200] * 12


@dataclass(frozen=True, slots=True)
class Weathered:
    """What clients saw of an outage."""

    answers: Counter[int]
    longest: float
    recovery: float

    def __str__(self) -> str:
        seen = ", ".join(f"{count} x {status}" for status, count in sorted(self.answers.items()))
        return f"{seen}; longest answer {self.longest:.1f} s, recovered {self.recovery:.1f} s after"


def ask(acme: Provisioner, over: Event) -> list[tuple[int, float]]:
    """Read and write in turn until it is over."""
    seen = []
    while not over.is_set():
        for call in (partial(acme.call, "GET", "/Users?count=1"), partial(acme.add, "x" * 8, "y")):
            answer = call()
            seen.append((answer.status, answer.seconds))
        time.sleep(0.1)
    return seen


@contextmanager
def away(site: Site) -> Iterator[None]:
    site.cluster.stop()
    try:
        yield
    finally:
        site.cluster.start()


def weather(site: Site, domain: str, trouble: Callable[[Site], Iterator[None]], seconds: float) -> Weathered:
    """Ask throughout an outage and after it; every answer is held to ten seconds and to SCIM by the provisioner."""
    acme, over = Provisioner.of(site.here, domain), Event()
    back: list[float] = []

    def happen() -> list[tuple[int, float]]:
        try:
            with contextmanager(trouble)(site):
                time.sleep(seconds)
                assert site_is_unready(site)
            back.append(recovery(acme))
        finally:
            over.set()
        return []

    seen = [one for each in at_once([happen, *[partial(ask, acme, over)] * CLIENTS]) for one in each]
    answers = Counter(status for status, _ in seen)
    assert set(answers) <= {200, 404, 503}, answers
    assert answers[503] >= CLIENTS
    return Weathered(answers, max(taken for _, taken in seen), back[0])


def site_is_unready(site: Site) -> bool:
    """Ask as a watcher would; living and being ready are different things."""
    alive = requests.get(f"{site.here.url}/healthz", timeout=LONGEST_ANSWER)
    ready = requests.get(f"{site.here.url}/readyz", timeout=LONGEST_ANSWER)
    return (alive.status_code, ready.status_code) == (200, 503)


def recovery(acme: Provisioner) -> float:
    """Return how long it takes until eight requests in a row succeed."""
    began, row = time.monotonic(), 0
    while row < 8:
        row = row + 1 if acme.call("GET", "/Users?count=1").status == 200 else 0
        assert time.monotonic() - began < LONGEST_RECOVERY, "It does not recover by itself."
        time.sleep(0.02)
    return time.monotonic() - began


def gone(site: Site) -> Iterator[None]:
    with away(site):
        yield


def stuck(site: Site) -> Iterator[None]:
    with site.proxy.stalled():
        yield


def test_a_database_that_is_away_for_a_while(site: Site) -> None:
    seen = weather(site, "away", gone, 4)
    time.sleep(3)  # the logbook's writer looks every second
    [(lines,)] = rows(site.cluster.url, "SELECT count(*) FROM logbook_entry WHERE error_id = 'SL-BUSY'")
    assert lines >= seen.answers[503]


def test_a_database_that_stalls(site: Site) -> None:
    weather(site, "stalled", stuck, 10)


@pytest.mark.soak
def test_a_database_that_is_away_for_a_minute(site: Site, say: Say) -> None:
    say(f"60 s away: {weather(site, 'long-away', gone, 60)}")


@pytest.mark.soak
def test_a_database_that_stalls_for_half_a_minute(site: Site, say: Say) -> None:
    say(f"30 s stalled: {weather(site, 'long-stalled', stuck, 30)}")


def test_writes_through_an_outage_and_a_stall_are_kept(site: Site) -> None:
    ledger = Ledger.open(Provisioner.of(site.here, "through"), SEED)

    def trouble() -> None:
        time.sleep(1)
        with site.proxy.stalled():
            time.sleep(2)
        with away(site):
            time.sleep(1)
        time.sleep(1)

    ledger.during(trouble)
    ledger.assert_kept()
    assert_whole(site.cluster.url)

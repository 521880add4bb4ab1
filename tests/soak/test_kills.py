"""Workers are killed in the middle of a sync: what was acknowledged is there, once, and the next worker takes over."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.installation import Installation, Shape, running
from tests.soak.conftest import assert_unsurprised
from tests.soak.ledger import Ledger
from tests.soak.provisioner import Provisioner
from tests.soak.truth import assert_whole

SEED = int(os.environ.get("SOAK_SEED", "20261122"))
RESPAWNING = Shape(flags=("--respawn-failed-workers",))
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found in Linux's /proc")


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory, template: str) -> Iterator[Installation]:
    with running(tmp_path_factory.mktemp("kills"), template, RESPAWNING) as installation:
        yield installation
        assert_unsurprised(installation)


def workers(here: Installation) -> list[int]:
    """Return the process ids of the workers that are up, the eldest first."""
    children = Path(f"/proc/{here.process_id}/task/{here.process_id}/children").read_text(encoding="ascii").split()
    return sorted((int(child) for child in children if _is_worker(child)), key=_started)


def _is_worker(process: str) -> bool:
    """A worker is a copy of the server, or was spawned by it; a third child only counts resources."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return False  # it has just ended
    return "granian" in command or "spawn_main" in command


def _started(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    except OSError:
        return 0


def kill_workers(here: Installation, ledger: Ledger, times: int) -> None:
    """Kill one worker after another, each in the middle of a sync that is going well."""
    random = Random(SEED)  # noqa: S311  # repeatable, not secret
    for _ in range(times):
        # The eldest: a server whose new worker dies within seconds takes it for a crash loop, and ends.
        before, written = workers(here), ledger.written
        os.kill(before[0], signal.SIGKILL)
        deadline = time.monotonic() + 20
        while not set(workers(here)) - set(before) or ledger.written < written + 30:
            assert time.monotonic() < deadline, "No worker took over."
            time.sleep(0.02)
        time.sleep(random.uniform(0.1, 0.8))


def survive_kills(here: Installation, domain: str, times: int) -> Ledger:
    ledger = Ledger.open(Provisioner.of(here, domain), SEED)
    first = workers(here)
    ledger.during(lambda: kill_workers(here, ledger, times))
    assert set(workers(here)) != set(first)
    ledger.assert_kept()
    assert_whole(here.environment["DATABASE_URL"])
    return ledger


def test_a_few_kills_lose_nothing(mortal: Installation) -> None:
    ledger = survive_kills(mortal, "few", 3)
    assert sum(clerk.written for clerk in ledger.clerks) > 50


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing(mortal: Installation, say: Callable[[str], None]) -> None:
    times = int(os.environ.get("SOAK_KILLS", "200"))
    say(f"{times} kills: {survive_kills(mortal, 'many', times).figures}")

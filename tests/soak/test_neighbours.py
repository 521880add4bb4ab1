"""One domain that floods beside nine that ask as Entra does: it alone is slowed down (RFC 6585 §4)."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles

import pytest

from tests.installation import Shape, running
from tests.soak.provisioner import Answer, Provisioner

A_SECOND = 5  # requests of each quiet domain
FLOODING_CLIENTS = 4
PROBE = "/Users?filter=userName+eq+%22nobody%22"


def ask_calmly(one: Provisioner, seconds: float, answers: list[Answer]) -> None:
    for number in range(round(seconds * A_SECOND)):
        due = time.monotonic() + 1 / A_SECOND
        answers.append(one.call("GET", PROBE))
        if number % A_SECOND == 0:
            answers.append(one.user(f"{time.monotonic_ns()}@x.example"))
        time.sleep(max(0.0, due - time.monotonic()))


def calm(domains: list[Provisioner], seconds: float) -> list[Answer]:
    """Let the quiet ones ask for so long, all at once; return what they heard."""
    answers: list[Answer] = []
    threads = [threading.Thread(target=ask_calmly, args=(one, seconds, answers)) for one in domains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def flooding(one: Provisioner) -> Iterator[Counter[int]]:
    """Let one domain ask as fast as it can; yield how often it heard what."""
    heard: Counter[int] = Counter()
    over = threading.Event()

    def flood() -> None:
        while not over.is_set():
            heard[one.call("GET", PROBE).status] += 1

    threads = [threading.Thread(target=flood) for _ in range(FLOODING_CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield heard
    finally:
        over.set()
        for thread in threads:
            thread.join()


def late(answers: list[Answer]) -> float:
    """Return within how many milliseconds 99 of 100 were answered."""
    return 1000 * quantiles([answer.seconds for answer in answers], n=100)[98]


def hear(folder: Path, template: str, quiet: int, seconds: float) -> str:
    """Measure so many quiet ones alone and beside the flood; return the figures."""
    limited = Shape(environment={"REQUESTS_PER_SECOND": "10"})
    with ExitStack() as stack:
        here = stack.enter_context(running(folder, template, limited))
        domains = [Provisioner.of(here, f"quiet{number}") for number in range(quiet)]
        noisy = Provisioner.of(here, "noisy")
        alone = calm(domains, seconds)
        with flooding(noisy) as heard:
            beside = calm(domains, seconds)
    assert {answer.status for answer in alone + beside} == {200, 201}
    assert set(heard) == {200, 429}
    return (
        f"{len(beside)} requests of {quiet} quiet domains, 0 refused, 99 % within {late(beside):.0f} ms beside the"
        f" flood and {late(alone):.0f} ms without; the flood heard {heard[200]} x 200 and {heard[429]} x 429"
    )


def test_a_flood_is_refused_and_its_neighbours_are_not(tmp_path: Path, template: str) -> None:
    hear(tmp_path, template, 2, 3)


@pytest.mark.soak
def test_nine_quiet_domains_beside_a_flood(tmp_path: Path, template: str, say: Callable[[str], None]) -> None:
    say(hear(tmp_path, template, 9, 30))

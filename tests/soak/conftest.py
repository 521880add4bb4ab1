"""What the long tests share: a running installation, and a way to say their figures."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation, Shape, running

on_postgresql = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="about a PostgreSQL server"
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, template: str) -> Iterator[Installation]:
    # More threads than production has: sixteen transactions at once are what these tests are about.
    with running(tmp_path_factory.mktemp("soak"), template, Shape(threads=8)) as installation:
        yield installation
        assert_unsurprised(installation)


def assert_unsurprised(here: Installation) -> None:
    """Whatever happened, nothing of it was unforeseen: the server has a name for every failure in its log."""
    log = here.log.read_text(encoding="utf-8", errors="replace")
    found = log.find("Unexpected failure")
    assert found < 0, log[found : found + 5_000]


@pytest.fixture
def say(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a figure, whatever is captured: docs/reliability.md is written from these lines."""

    def say(figure: str) -> None:
        kind = "PostgreSQL" if os.environ["DATABASE_URL"].startswith("postgres") else "SQLite"
        with capsys.disabled():
            print(f"\n   {kind}: {request.node.name}: {figure}", end="", flush=True)  # noqa: T201  # it is the result

    return say

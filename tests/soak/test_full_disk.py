"""The disk is full: writes get 503, reads go on, and when there is room again nothing is damaged."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.installation import Installation, free_port, serving
from tests.soak.provisioner import Provisioner
from tests.soak.truth import assert_whole, rows

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(os.getuid() != 0 or not shutil.which("mount"), reason="only root may mount a small disk"),
]
POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")


@pytest.fixture
def disk() -> Iterator[Path]:
    folder = Path(f"/tmp/securelogin-disk-{uuid4().hex[:8]}")  # noqa: S108  # postgres must be able to enter
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=False)  # noqa: S603, S607
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S603, S607
        folder.rmdir()


@contextmanager
def small_database(disk: Path) -> Iterator[str]:
    """Give an empty database whose tables are on the small disk."""
    if not POSTGRESQL:
        yield f"sqlite:///{disk / 'small.sqlite3'}"
        return
    under_test, name = os.environ["DATABASE_URL"], f"small_{uuid4().hex[:8]}"
    space = disk / "tables"
    space.mkdir()
    shutil.chown(space, "postgres", "postgres")
    with psycopg.connect(under_test, autocommit=True) as server:
        server.execute(f"CREATE TABLESPACE {name} LOCATION '{space}'".encode())
        server.execute(f"CREATE DATABASE {name} TABLESPACE {name}".encode())
        try:
            yield f"{under_test.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            server.execute(f"DROP TABLESPACE {name}".encode())


def fill(disk: Path) -> Path:
    """Take all the room that is left, but for a little that the next writes will take."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            file.truncate(filler.stat().st_size - 512 * 1024)
            return filler


def write_until_refused(acme: Provisioner, name: str) -> dict[str, str]:
    """Return the names by id of what was acknowledged before the first refusal."""
    made: dict[str, str] = {}
    for number in range(20_000):
        answer = acme.user(f"{name}{number}", title="x" * 2_000)
        if answer.status == 503:
            return made
        assert answer.status == 201, answer
        made[answer.id] = answer.body["userName"]
    raise AssertionError("The disk did not get full.")


def integrity(here: Installation) -> None:
    url = here.environment["DATABASE_URL"]
    assert_whole(url)
    if not POSTGRESQL:
        assert rows(url, "PRAGMA integrity_check") == [("ok",)]
    else:
        for table in ("directory_user", "directory_change", "logbook_entry"):
            rows(url, f"SELECT sum(length(t::text)) FROM {table} t")  # noqa: S608  # reads all that is in our own tables


def test_a_full_disk_refuses_writes_and_loses_none(disk: Path, tmp_path: Path, say: Callable[[str], None]) -> None:
    with small_database(disk) as url, serving(tmp_path, free_port(), url) as here:
        acme = Provisioner.of(here, "acme")
        before = acme.user("before").id
        filler = fill(disk)
        made = write_until_refused(acme, "during") | {before: "before"}
        statuses = {acme.user(f"after{number}", title="x" * 4_000).status for number in range(20)}
        reads = {acme.call("GET", f"/Users/{one}").status for one in made}
        assert (reads, 503 in statuses, statuses <= {201, 503}) == ({200}, True, True)
        filler.unlink()
        assert acme.user("room again").status == 201
        assert {one: acme.call("GET", f"/Users/{one}").body["userName"] for one in made} == made
        integrity(here)
        say(f"{len(made)} acknowledged until it was full, 0 lost; reads went on; writes again once there was room")

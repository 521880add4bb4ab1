"""Find a PostgreSQL: the one in TEST_DATABASE_URL, a throw-away cluster of our own, or one that answers here.

`start FOLDER` prints the address of a server, or nothing where there is none; our own cluster lives in that folder.
`start FOLDER --answering` prefers the server that answers, to measure on: it keeps what it acknowledges, as production
does. `stop FOLDER` removes our own cluster.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.installation import free_port

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
# Nobody needs what is in it after a power failure; a test that empties all tables would mostly wait for the disk.
FORGETFUL = ("synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server of the tests' own, in a folder that goes with it; `binaries` is where PostgreSQL's programs are."""

    folder: Path
    port: int
    binaries: str

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self, *settings: str) -> None:
        """Make the cluster and start it; each setting is of the form name=value."""
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        words = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        _run([f"{self.binaries}/initdb", "-D", self._data, *words])
        own = (f"port={self.port}", f"unix_socket_directories='{self.folder}'", "listen_addresses='127.0.0.1'")
        script = f"cat >> {self._data}/postgresql.conf"
        _run(["sh", "-c", script], typed="\n".join((*own, "fsync=off", *settings)) + "\n")
        self.start()

    def start(self) -> None:
        self._control("-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """End it as a power failure would: the next start recovers from the log."""
        self._control("-m", "immediate", "stop")

    def restart(self) -> None:
        self._control("-w", "-l", str(self.folder / "log"), "-m", "immediate", "restart")

    def remove(self) -> None:
        if Path(self._data, "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _control(self, *words: str) -> None:
        _run([f"{self.binaries}/pg_ctl", "-D", self._data, *words])


def start(folder: Path, *, answering: bool) -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    if answering:
        return _answering() or _throw_away(folder)
    return _throw_away(folder) or _answering()


def stop(folder: Path) -> None:
    cluster = throw_away(folder, 0)
    if cluster and cluster.folder.exists():
        cluster.remove()


def throw_away(folder: Path, port: int) -> Cluster | None:
    """Return a cluster that is still to be created, or None where PostgreSQL is not installed."""
    binaries = _binaries()
    return Cluster(folder, port, binaries) if binaries else None


def _answering() -> str:
    try:
        with psycopg.connect(LOCAL, connect_timeout=2):
            return LOCAL
    except psycopg.OperationalError:
        return ""


def _binaries() -> str | None:
    installed = sorted(str(place) for place in Path("/usr/lib/postgresql").glob("*/bin")) + [
        str(Path(found).parent) for found in _on_path()
    ]
    return next((place for place in reversed(installed) if Path(place, "initdb").exists()), None)


def _on_path() -> list[str]:
    found = shutil.which("initdb")
    return [found] if found else []


def _throw_away(folder: Path) -> str:
    cluster = throw_away(folder, free_port())
    if cluster is None:
        return ""
    cluster.create(*FORGETFUL)
    return cluster.url


def _run(command: list[str], typed: str = "") -> None:
    """Run a program of PostgreSQL's as somebody who may: initdb refuses root. What it says is told if it fails."""
    user = "postgres" if os.getuid() == 0 else None
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own programs
        command, check=False, user=user, cwd="/", capture_output=True, input=typed, text=True
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed.\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    verb, place, *rest = sys.argv[1:]
    if verb == "start":
        sys.stdout.write(start(Path(place), answering="--answering" in rest))
    else:
        stop(Path(place))

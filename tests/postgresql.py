"""Find a PostgreSQL to test on: TEST_DATABASE_URL, a server that answers here, or a throw-away cluster of our own.

`start` prints the address of a server, or nothing where there is none; `stop` removes the throw-away cluster.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


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
        _run([f"{self.binaries}/initdb", "-D", self._data, "-U", "postgres", "--auth=trust", "--no-sync"])
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


def start() -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    return LOCAL if _answers(LOCAL) else _throw_away()


def stop() -> None:
    cluster = throw_away(Path(tempfile.gettempdir()) / f"securelogin-postgresql-{os.getuid()}", 54329)
    if cluster and cluster.folder.exists():
        cluster.remove()


def throw_away(folder: Path, port: int) -> Cluster | None:
    """Return a cluster that is still to be created, or None where PostgreSQL is not installed."""
    binaries = _binaries()
    return Cluster(folder, port, binaries) if binaries else None


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _binaries() -> str | None:
    installed = sorted(str(place) for place in Path("/usr/lib/postgresql").glob("*/bin")) + [
        str(Path(found).parent) for found in _on_path()
    ]
    return next((place for place in reversed(installed) if Path(place, "initdb").exists()), None)


def _on_path() -> list[str]:
    found = shutil.which("initdb")
    return [found] if found else []


def _throw_away() -> str:
    stop()
    cluster = throw_away(Path(tempfile.gettempdir()) / f"securelogin-postgresql-{os.getuid()}", 54329)
    if cluster is None:
        return ""
    cluster.create()
    return cluster.url


def _run(command: list[str], typed: str = "") -> None:
    """Run a program of PostgreSQL's as somebody who may: initdb refuses root."""
    user = "postgres" if os.getuid() == 0 else None
    # Standard output is for the address alone; whatever else there is to say goes to standard error.
    subprocess.run(command, check=True, user=user, cwd="/", stdout=2, input=typed, text=True)  # noqa: S603  # PostgreSQL's own programs


if __name__ == "__main__":
    if sys.argv[1:] == ["start"]:
        sys.stdout.write(start())
    else:
        stop()

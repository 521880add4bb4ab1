"""Find a PostgreSQL to test on: TEST_DATABASE_URL, a server that answers here, or a throw-away cluster of our own.

`start` prints the address of a server, or nothing where there is none; `stop` removes the throw-away cluster.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
CLUSTER = Path(tempfile.gettempdir()) / f"securelogin-postgresql-{os.getuid()}"
PORT = "54329"


def start() -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    return LOCAL if _answers(LOCAL) else _throw_away()


def stop() -> None:
    binaries = _binaries()
    if CLUSTER.exists() and binaries:
        _run([f"{binaries}/pg_ctl", "-D", str(CLUSTER / "data"), "-m", "immediate", "stop"])
        shutil.rmtree(CLUSTER)


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
    binaries = _binaries()
    if binaries is None:
        return ""
    stop()
    CLUSTER.mkdir()
    if os.getuid() == 0:
        shutil.chown(CLUSTER, "postgres", "postgres")
    data = str(CLUSTER / "data")
    _run([f"{binaries}/initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"])
    options = f"-p {PORT} -k {CLUSTER} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run([f"{binaries}/pg_ctl", "-D", data, "-w", "-o", options, "-l", str(CLUSTER / "log"), "start"])
    return f"postgresql://postgres@127.0.0.1:{PORT}/postgres"


def _run(command: list[str]) -> None:
    """Run a program of PostgreSQL's as somebody who may: initdb refuses root."""
    user = "postgres" if os.getuid() == 0 else None
    subprocess.run(command, check=True, user=user, cwd="/", stdout=sys.stderr)  # noqa: S603  # PostgreSQL's own programs


if __name__ == "__main__":
    if sys.argv[1:] == ["start"]:
        sys.stdout.write(start())
    else:
        stop()

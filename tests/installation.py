"""An installation of its own: an empty database of the kind under test, the commands, and the real server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import requests
from psycopg import sql

ROOT = Path(__file__).parents[1]
SECONDS_TO_START = 120  # on a machine that is busy with other tests; one that fails ends at once


@dataclass(frozen=True, slots=True)
class Shape:
    """How the server is run: `flags` are granian's, `environment` is added to ours."""

    workers: int = 2
    threads: int = 2
    flags: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the server is, and how its operator speaks to it."""

    url: str
    environment: dict[str, str]
    log: Path
    process_id: int = 0  # of the server's first process, the one that minds the workers

    def manage(self, *words: str, typed: str = "") -> str:
        """Run an operator's command and return what it prints."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(  # noqa: S603  # our own interpreter and our own words
            command, cwd=ROOT, env=self.environment, input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def facts(self, *words: str, typed: str = "") -> dict[str, Any]:
        """Run a command that answers with facts. The migration has checked the system; that takes half of the time."""
        facts: dict[str, Any] = json.loads(self.manage(*words, "--json", "--skip-checks", typed=typed))
        return facts

    def scim(self, token: str, method: str, path: str, body: Any = None) -> requests.Response:
        """Ask the SCIM API."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        return requests.request(method, f"{self.url}/scim/v2{path}", json=body, headers=headers, timeout=20)

    def connection(self, domain: str) -> dict[str, str]:
        """Make a domain with an owner and a client for Entra; return the words with which Authorize is pressed."""
        self.facts("create_domain", domain)
        owner, client = self.facts("create_manager", domain, f"owner@{domain}.example"), self.facts("create_client")
        return {"domain": domain, "username": owner["username"], "password": owner["password"], **client}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def database(folder: Path, name: str, template: str = "") -> Iterator[str]:
    """Give the address of a database of the kind that the tests run on: empty, or like the one at another address."""
    under_test = os.environ["DATABASE_URL"]
    if not under_test.startswith("postgres"):
        file = folder / f"{name}.sqlite3"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    new, like = sql.Identifier(name), sql.Identifier(template.rpartition("/")[2] or "template1")
    with psycopg.connect(under_test, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, like))
        try:
            yield f"{under_test.rpartition('/')[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(new))


@contextmanager
def migrated(folder: Path) -> Iterator[str]:
    """Give the address of a database with all tables and no rows, to copy: that takes a tenth of a migration's time."""
    name = f"securelogin_migrated_{os.getpid()}"
    with database(folder, name) as url:
        _installation(folder, free_port(), url).manage("migrate", "--verbosity", "0")
        yield url


@contextmanager
def running(folder: Path, template: str, shape: Shape | None = None) -> Iterator[Installation]:
    """Serve a copy of the migrated database with the server that production runs."""
    port = free_port()
    with (
        database(folder, f"securelogin_{port}", template) as url,
        _served(_installation(folder, port, url), shape) as here,
    ):
        yield here


@contextmanager
def serving(folder: Path, port: int, database_url: str, shape: Shape | None = None) -> Iterator[Installation]:
    """Migrate the database that is named and serve it."""
    here = _installation(folder, port, database_url)
    here.manage("migrate", "--verbosity", "0")
    with _served(here, shape) as served:
        yield served


def _installation(folder: Path, port: int, database_url: str) -> Installation:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "securelogin.settings",
        "DATABASE_URL": database_url,
        "LOGBOOK_IN_BACKGROUND": "true",
        "REQUESTS_PER_SECOND": "1000000",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only-for-the-tests-" + "x" * 40,
        "SECRET_KEY_FILE": "",
    }
    return Installation(environment["PUBLIC_URL"], environment, folder / "server.log")


@contextmanager
def _served(here: Installation, shape: Shape | None) -> Iterator[Installation]:
    shape = shape or Shape()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", here.url.rpartition(":")[2], "--workers", str(shape.workers)]
    command += ["--blocking-threads", str(shape.threads), "--log-level", "warning"]
    # A worker that is told to end while it is being born does not hear it, and would be waited for in vain.
    command += ["--workers-kill-timeout", "5"]
    command += [*shape.flags, "securelogin.wsgi:application"]
    with (
        here.log.open("wb") as log,
        subprocess.Popen(  # noqa: S603  # as above
            command, cwd=ROOT, env=here.environment | shape.environment, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            _await_ready(here, server)
            yield replace(here, process_id=server.pid)
        finally:
            server.terminate()


def _await_ready(here: Installation, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(f"{here.url}/readyz", timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise AssertionError(f"The server did not start: {here.log.read_text(encoding='utf-8')}")

"""Behind pgbouncer in transaction mode, with DATABASE_PREPARE=false, everything works as it does without."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from entra import Options, SecretToken, Size, run
from tests.installation import Installation, free_port, serving
from tests.soak.conftest import on_postgresql
from tests.soak.provisioner import Provisioner, at_once
from tests.soak.truth import assert_whole

PGBOUNCER = shutil.which("pgbouncer") or ""
pytestmark = [
    on_postgresql,
    pytest.mark.soak,
    pytest.mark.skipif(not PGBOUNCER, reason="pgbouncer is not installed"),
]
SETTINGS = """
[databases]
{name} = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
ignore_startup_parameters = options
"""


def answering(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[Installation]:
    """An installation with more connections than the pooler has, so that they change hands all the time."""
    own_port, parts = free_port(), urlsplit(os.environ["DATABASE_URL"])
    name = f"pooled_{own_port}"
    folder = Path(f"/tmp/securelogin-{name}")  # noqa: S108  # who runs pgbouncer must be able to enter
    folder.mkdir()
    settings = folder / "pgbouncer.ini"
    facts = {"host": parts.hostname, "port": parts.port or 5432, "user": parts.username, "own_port": own_port}
    settings.write_text(SETTINGS.format(name=name, **facts), encoding="utf-8")
    user = "postgres" if os.getuid() == 0 else None
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        with subprocess.Popen([PGBOUNCER, "-q", settings], user=user) as pooler:  # noqa: S603  # found on the path
            try:
                while not answering(own_port):
                    assert pooler.poll() is None, "pgbouncer did not start"
                    time.sleep(0.05)
                yield from _served(tmp_path, f"postgresql://{parts.username}@127.0.0.1:{own_port}/{name}")
            finally:
                pooler.terminate()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    shutil.rmtree(folder)


def _served(folder: Path, url: str) -> Iterator[Installation]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_PREPARE", "false")
        with serving(folder, free_port(), url) as here:
            yield here


def test_everything_works_behind_a_transaction_pooler(pooled: Installation, say: Callable[[str], None]) -> None:
    acme = Provisioner.of(pooled, "acme")
    login = SecretToken(acme.token)
    report = run(Options(tenant_url=acme.tenant_url, login=login, size=Size(300, 20, 1_000, seed=3), quiet=True))
    assert report.passed, report.text()
    group, people = acme.group("crowd").id, [acme.user(f"crowd{number}").id for number in range(200)]
    at_once([partial(add_share, acme, group, people[number::16]) for number in range(16)])
    assert sorted(acme.members(group)) == sorted(people)
    assert_whole(pooled.environment["DATABASE_URL"])
    say("a sync of 300 people with 0 deviations, 16 writers at one group with nobody lost, 3 server connections")


def add_share(acme: Provisioner, group: str, share: list[str]) -> None:
    assert {acme.add(group, one).status for one in share} == {204}

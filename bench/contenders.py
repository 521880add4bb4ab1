"""Who is measured: our server, its peers and the bare view, each seeded alike and run with two workers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from bench import database, people
from bench.processes import Process, free_port, start
from bench.wire import Address

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
TOKEN = "bench-token-of-the-peers"  # noqa: S105  # of servers that live as long as the measurement
OURS, DJANGO_SCIM2, SCIMMY, BARE, EMBEDDED = "SecureLogin", "django-scim2", "SCIMMY", "bare view", "SecureLogin, SQLite"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a directory holds: so many people, and a group of each of these sizes."""

    people: int
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that runs, on a directory of its own."""

    name: str
    directory: Directory
    address: Address
    process: Process
    database: str = ""  # on the PostgreSQL server; "" for SQLite
    removes_by_value: bool = False
    walks: bool = False  # by cursor


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where contenders are built, and the stack that takes everything away again."""

    folder: Path
    postgresql: str
    stack: ExitStack

    def make_database(self, name: str) -> str:
        """Create a database that goes with the workshop, and return its address."""
        database.manage("create", self.postgresql, name)
        self.stack.callback(database.manage, "drop", self.postgresql, name)
        return f"{self.postgresql.rpartition('/')[0]}/{name}"

    def run_server(self, command: Sequence[str], port: int, environment: Mapping[str, str], folder: Path) -> Process:
        log = self.folder / f"{port}.log"
        process = start(command, port, environment, folder, log)
        self.stack.callback(process.stop)
        return process


def ours(shop: Workshop, directory: Directory) -> Contender:
    """Our server on PostgreSQL."""
    name = f"bench_ours_{directory.people}_{os.getpid()}"
    url = shop.make_database(name)
    contender = _product(shop, directory, OURS, url)
    database.vacuum(url)
    return replace(contender, database=name)


def embedded(shop: Workshop, directory: Directory) -> Contender:
    """Our server on SQLite, the default."""
    path = shop.folder / f"{directory.people}.sqlite3"
    for old in shop.folder.glob(f"{path.name}*"):
        old.unlink()
    return _product(shop, directory, EMBEDDED, f"sqlite:///{path}")


def _product(shop: Workshop, directory: Directory, name: str, url: str) -> Contender:
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "measured-only-" + "x" * 50,
        "LOGBOOK_IN_BACKGROUND": "true",
        "MALLOC_MMAP_THRESHOLD_": "1000000",  # as the image and the README set it
        "DJANGO_SETTINGS_MODULE": "securelogin.settings",
    }
    sizes = ",".join(str(size) for size in directory.groups)
    token = json.loads(_within_django("seeding", environment, str(directory.people), sizes))["token"]
    statements = _within_django("recording", environment, token)
    (shop.folder / f"{port}.json").write_text(statements, encoding="utf-8")
    command = _granian("securelogin.wsgi:application", port)
    process = shop.run_server(command, port, environment, ROOT)
    return Contender(name, directory, Address(port, "/scim/v2", token), process, walks=True)


def statements_of(shop: Workshop, contender: Contender) -> Path:
    """Return the file of the statements that `recording` took down of our server."""
    return shop.folder / f"{contender.address.port}.json"


def bare(shop: Workshop, model: Contender) -> Contender:
    """A bare view that runs the statements of `model` on the same database."""
    port = free_port()
    environment = {
        "DATABASE_URL": f"{shop.postgresql.rpartition('/')[0]}/{model.database}",
        "BENCH_STATEMENTS": str(statements_of(shop, model)),
    }
    process = shop.run_server(_granian("bench.bare:application", port), port, environment, ROOT)
    return Contender(BARE, model.directory, Address(port, "", ""), process, model.database)


def django_scim2(shop: Workshop, directory: Directory) -> Contender:
    """The peer on Django, behind gunicorn as its users run it."""
    environment = shop.folder / "django_scim2"
    python = environment / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(environment)])
        requirements = PEERS / "django_scim2" / "requirements.txt"
        _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements)])
    name = f"bench_django_scim2_{directory.people}_{os.getpid()}"
    url = shop.make_database(name)
    variables = _libpq(url) | {"DJANGO_SETTINGS_MODULE": "bench.peers.django_scim2.settings", "PYTHONPATH": str(ROOT)}
    _run([str(python), "-m", "django", "migrate", "--verbosity", "0"], variables)
    _seed(url, "django_scim2", directory)
    database.vacuum(url)
    port = free_port()
    workers = ["-w", "2", "-k", "gthread", "--threads", "4", "--keep-alive", "60"]
    application = "django.core.wsgi:get_wsgi_application()"
    command = [str(python), "-m", "gunicorn", application, "-b", f"127.0.0.1:{port}", *workers]
    process = shop.run_server(command, port, variables, shop.folder)
    return Contender(DJANGO_SCIM2, directory, Address(port, "/scim/v2", TOKEN), process, name, removes_by_value=True)


def scimmy(shop: Workshop, directory: Directory) -> Contender:
    """The peer on Node.js."""
    folder = shop.folder / "scimmy"
    folder.mkdir(exist_ok=True)
    for source in (PEERS / "scimmy").glob("*.*js*"):
        (folder / source.name).write_bytes(source.read_bytes())
    if not (folder / "node_modules").exists():
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund"], folder=folder)
    name = f"bench_scimmy_{directory.people}_{os.getpid()}"
    url = shop.make_database(name)
    _seed(url, "scimmy", directory)
    database.vacuum(url)
    port = free_port()
    process = shop.run_server(["node", "server.mjs"], port, _libpq(url) | {"PORT": str(port)}, folder)
    return Contender(SCIMMY, directory, Address(port, "/scim/v2", TOKEN), process, name)


def _granian(application: str, port: int) -> list[str]:
    workers = ["--workers", "2", "--blocking-threads", "2", "--log-level", "warning"]
    interface = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "granian", *interface, *workers, application]


def _within_django(module: str, environment: Mapping[str, str], *arguments: str) -> str:
    """Run one of our modules that need Django, and return what it prints."""
    code = f"import django; django.setup(); from bench import {module}; {module}.main()"
    return _run([sys.executable, "-c", code, *arguments], environment, ROOT)


def _seed(url: str, peer: str, directory: Directory) -> None:
    total = directory.people + people.SPARE
    database.run_script(url, PEERS / peer / "seed.sql", people=total, groups=list(directory.groups))


def _libpq(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username or "postgres",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.path.strip("/"),
        "BENCH_TOKEN": TOKEN,
    }


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> str:
    """Run a program to its end and return what it prints. Raises CalledProcessError."""
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(  # noqa: S603  # the commands are ours
        list(command), cwd=folder, env=variables, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout

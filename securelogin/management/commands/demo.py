"""manage.py demo: a whole installation to look at. The stand-in for Entra presses Authorize, provisions, and the server
stays up.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from oauth.applications import create_entra_application
from securelogin.directory.domains import create_domain, create_manager, find_domain, set_password
from securelogin.directory.models import Role, User
from securelogin.directory.operators import create_operator, renew_password
from securelogin.directory.text import comparison_key
from securelogin.management.operator import ACTOR

DOMAIN = "demo"
OWNER, OPERATOR = "owner@demo.example", "operator@demo.example"
PEOPLE, GROUPS = 300, 25
SECONDS_TO_START = 30


class Command(BaseCommand):
    help = "Set up a demo domain, let the stand-in for Entra connect and provision it, and keep the server up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop the server after the summary")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not settings.IS_LOOPBACK:
            raise CommandError("The demo has a known login: it runs on a loopback PUBLIC_URL only.")
        notes = settings.BASE_DIR / "var" / "demo.json"
        notes.parent.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0)
        known = _prepared(notes)
        with _server() as server:
            report = _synced(known)
            known["synced"] = known["synced"] or report == 0
            _write(notes, known)
            self._summarise(known, report)
            if options["once"] or report:
                sys.exit(report)
            server.wait()

    def _summarise(self, known: dict[str, Any], report: int) -> None:
        address = settings.PUBLIC_URL
        result = "All went well." if not report else "The stand-in found deviations; see its report above."
        self.stdout.write(
            f"\n{result}\n\n"
            f"  Open         {address}/d/{DOMAIN}/\n"
            f"  Username     {OWNER}\n"
            f"  Password     {known['password']}\n"
            f"  Tenant URL   {address}/scim/v2\n\n"
            f"  Operators    {address}/operator/\n"
            f"  Username     {OPERATOR}\n"
            f"  Password     {known['operator_password']}\n\n"
            f"Ctrl-C stops the server; what it keeps is in var/.\n"
        )


def _prepared(notes: Path) -> dict[str, Any]:
    """Make the domain, its owner, an operator and Entra's client where they are not there yet; return their secrets."""
    kept: dict[str, Any] = json.loads(notes.read_text()) if notes.exists() else {}
    domain = find_domain(DOMAIN)
    if domain is not None and kept:
        return kept if "operator_password" in kept else kept | _with_operator()
    password = secrets.token_urlsafe(9)
    if domain is None:
        domain = create_domain(DOMAIN, "Demo")
        create_manager(domain, OWNER, password, Role.OWNER, ACTOR)
    else:
        set_password(User.objects.get(domain=domain, user_name_key=comparison_key(OWNER)), password)
    application, secret = create_entra_application()
    client = {"client_id": application.client_id, "client_secret": secret}
    known = {"password": password, **_with_operator(), **client, "synced": False}
    _write(notes, known)
    return known


def _with_operator() -> dict[str, str]:
    """Make the operator, or give her another password; return that."""
    password = secrets.token_urlsafe(9)
    if not renew_password(OPERATOR, password):
        create_operator(OPERATOR, password, ACTOR)
    return {"operator_password": password}


def _write(notes: Path, known: dict[str, Any]) -> None:
    notes.touch(mode=0o600)
    notes.write_text(json.dumps(known, indent=1))


@contextmanager
def _server() -> Iterator[subprocess.Popen[bytes]]:
    """Run the server that production runs, on PUBLIC_URL, and wait until it is ready."""
    host, port = urlsplit(settings.PUBLIC_URL).hostname or "", urlsplit(settings.PUBLIC_URL).port or 80
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if probe.connect_ex((host, port)) == 0:
            raise CommandError(f"Port {port} is taken. Choose another: PUBLIC_URL=http://127.0.0.1:8001 make run")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "2", "--log-level", "warning", "securelogin.wsgi:application"]
    environment = os.environ | {"LOGBOOK_IN_BACKGROUND": "true"}
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however we are ended, the server ends with us
    server = subprocess.Popen(command, env=environment)  # noqa: S603  # our own interpreter and our own words
    try:
        _await_ready(server)
        yield server
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait()


def _await_ready(server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{settings.PUBLIC_URL}/readyz", timeout=2):  # noqa: S310  # a loopback address
                return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    raise CommandError("The server did not start; its last lines above say why.")


def _synced(known: dict[str, Any]) -> int:
    """Let the stand-in press Authorize and provision, before your eyes; return its exit status."""
    if known["synced"]:
        sys.stdout.write("The demo was provisioned before; remove var/ to see it happen again.\n")
        return 0
    address = settings.PUBLIC_URL
    command = [sys.executable, "-m", "entra", f"{address}/scim/v2"]
    command += ["--authorize", f"{address}/oauth/authorize", "--token-url", f"{address}/oauth/token"]
    command += ["--client-id", known["client_id"], "--domain", DOMAIN, "--username", OWNER]
    command += ["--users", str(PEOPLE), "--groups", str(GROUPS), "--seed", "2026"]
    environment = os.environ | {"ENTRA_CLIENT_SECRET": known["client_secret"], "ENTRA_PASSWORD": known["password"]}
    return subprocess.call(command, env=environment, cwd=settings.BASE_DIR)  # noqa: S603  # as the server

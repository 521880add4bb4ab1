"""A stand-in for the issuer of Entra's assertions: `python -m entra issuer` publishes keys on loopback, and keeps a
file with an assertion that is signed with one of them (RFC 7517, RFC 7523).
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from threading import Event, Thread
from time import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

LIFETIME = 3600  # seconds, as Entra's
SECONDS_BETWEEN_ASSERTIONS = 300


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)


@dataclass
class Issuer:
    """One tenant's: what it says of the workload identity `subject`, to whoever answers to `audience`."""

    tenant_id: str
    subject: str
    audience: str
    address: str = ""  # known once it is served
    keys: list[RSAKey] = field(default_factory=lambda: [new_key()])

    @property
    def name(self) -> str:
        return f"{self.address}/{self.tenant_id}/v2.0"

    @property
    def keys_path(self) -> str:
        return f"/{self.tenant_id}/discovery/v2.0/keys"

    def claims(self) -> dict[str, Any]:
        """What Entra says in a token of an application."""
        now = int(time())
        return {
            "ver": "2.0",
            "iss": self.name,
            "tid": self.tenant_id,
            "sub": self.subject,
            "oid": self.subject,
            "aud": self.audience,
            "azp": self.subject,
            "azpacr": "2",
            "idtyp": "app",
            "uti": token_urlsafe(16),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
        }

    def assertion(self, **changes: Any) -> str:
        """Sign these claims with the newest key."""
        key = self.keys[-1]
        return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": key.kid}, self.claims() | changes, key)

    def answer(self, path: str) -> tuple[int, bytes]:
        if path != self.keys_path:
            return 404, b""
        return 200, json.dumps(KeySet(list(self.keys)).as_dict()).encode()


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        status, raw = self.issuer.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def published(issuer: Issuer, port: int = 0) -> Iterator[Issuer]:
    """Serve the issuer's keys on loopback, on any port that is free if none is named."""
    handler = type("Handler", (_Handler,), {"issuer": issuer})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        issuer.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()


def write_assertion(issuer: Issuer, file: Path) -> None:
    """Put a new assertion into the file, in one step: somebody may be reading it."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(issuer.assertion())
    fresh.replace(file)


def parser() -> ArgumentParser:
    words = ArgumentParser(
        "python -m entra issuer",
        description="Publishes keys on loopback as Microsoft Entra ID does, and keeps FILE filled with an assertion "
        "for --assertion-file, until it is interrupted.",
    )
    words.add_argument("--tenant-id", required=True, metavar="GUID")
    words.add_argument("--subject", required=True, metavar="GUID", help="the object id of the workload identity")
    words.add_argument("--audience", required=True, help="as in api://00000000-0000-0000-0000-000000000000")
    words.add_argument("--port", type=int, default=8900, help="8900 if left out")
    words.add_argument("--assertion-file", type=Path, required=True, metavar="FILE")
    return words


def main(arguments: Sequence[str], ended: Event) -> int:
    """Issue until `ended` is set or somebody interrupts it, and return the exit status."""
    given = parser().parse_args(arguments)
    try:
        with published(Issuer(given.tenant_id, given.subject, given.audience), given.port) as issuer:
            print(f"Issuer: {issuer.name}", flush=True)
            write_assertion(issuer, given.assertion_file)
            while not ended.wait(SECONDS_BETWEEN_ASSERTIONS):
                write_assertion(issuer, given.assertion_file)
    except OSError as error:  # the port is taken, or the file cannot be written
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0

"""A fake of Entra's issuer that can be wrong in everything: what it says, how it signs, how it hands out its keys."""

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64encode

from entra.issuer import Issuer, new_key
from tests.entra.fake_scim import serving

TENANT = "3f2b8c1e-0000-4000-8000-00000000ace0"
OTHER_TENANT = "9d1e7a44-0000-4000-8000-0000000bad00"
SUBJECT = "5a6c2d10-0000-4000-8000-000000005ab0"
APPLICATION = "c0ffee00-0000-4000-8000-00000000a9d0"

# Making a key takes a tenth of a second, and who holds which is all that matters here.
KEY, SECOND_KEY, STRANGERS_KEY = (new_key() for _ in range(3))

Claims = dict[str, Any]


@dataclass
class FakeEntra(Issuer):
    """`asked` counts how often its keys were asked for; the rest says how it answers then."""

    tenant_id: str = TENANT
    subject: str = SUBJECT
    audience: str = APPLICATION
    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    asked: int = 0
    status: int = 200
    location: str = ""
    body: bytes | None = None
    go_on: Event = field(default_factory=Event)  # cleared, it keeps everybody waiting

    def __post_init__(self) -> None:
        self.go_on.set()

    def forge(self, *, header: Claims | None = None, without: str = "", key: RSAKey | None = None, **said: Any) -> str:
        """Sign an assertion that differs from a right one in this; None in the header leaves a member out."""
        key = key or self.keys[-1]
        head = {"typ": "JWT", "alg": "RS256", "kid": key.kid} | (header or {})
        claims = {name: value for name, value in (self.claims() | said).items() if name != without}
        return spelled({name: value for name, value in head.items() if value is not None}, claims, signer(head, key))


def spelled(header: Any, claims: Any, sign: Callable[[bytes], bytes]) -> str:
    """Write a JWS by hand, since no library lets one write a bad one (RFC 7515 §7.1)."""
    head, body = (urlsafe_b64encode(part if isinstance(part, bytes) else _json(part)) for part in (header, claims))
    return b".".join((head, body, urlsafe_b64encode(sign(head + b"." + body)))).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def signer(header: Claims, key: RSAKey) -> Callable[[bytes], bytes]:

    private = key.private_key
    assert private is not None
    match header.get("alg"):
        case "none":
            return lambda _: b""
        case "HS256":  # the classic: the public key, which everybody has, as a secret
            return lambda text: hmac.digest(key.as_pem(private=False), text, sha256)
    return lambda text: private.sign(text, PKCS1v15(), SHA256())


class _Handler(BaseHTTPRequestHandler):
    issuer: FakeEntra

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        fake = self.issuer
        fake.asked += 1
        fake.go_on.wait(10)
        status, raw = fake.answer(self.path)
        raw = raw if fake.body is None else fake.body
        self.send_response(status if fake.status == 200 else fake.status)
        if fake.location:
            self.send_header("Location", fake.location)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def published(fake: FakeEntra) -> Iterator[FakeEntra]:
    with serving(type("Handler", (_Handler,), {"issuer": fake})) as fake.address:
        yield fake

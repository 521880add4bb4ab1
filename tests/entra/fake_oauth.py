"""Authorize pages and a token endpoint on loopback: Go to domain, login, and back to an address never visited."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.entra.fake_scim import serving

REDIRECT_URI = "https://portal.azure.example/TokenAuthorize"
GO_TO_DOMAIN = """<!doctype html><title>Go to domain</title><script>"<form>"</script>
<form action="/search"><input name="q"></form>
<form method="post" action="/domain?next={next}"><input type=hidden name=csrf value="c&amp;1">
<input name="domain" value=""><input type="checkbox" name="never" value="1"><button>Go</button></form>"""
LOGIN = """<p role="alert">{alert}</p><form method="POST"><input type="hidden" name="csrf" value="c2"/>
<input name="username"><input type="password" name="password">
<button name="press" value="login">Login</button></form>"""


class FakeOAuth:
    """`posts` has every form as it came, with its path; `state` is what the way back carries."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.first: dict[str, str] = {}
        self.state: str | None = None
        self.grants: dict[str, Any] = {"access_token": "A1", "token_type": "Bearer", "expires_in": 3600}
        self.basic = ""
        self.referers: list[str | None] = []

    def page(self, path: str, query: str) -> tuple[int, str]:
        if path == "/authorize":
            self.first = dict(parse_qsl(query))
            return 302, f"/choose?{query}"
        if path == "/choose":
            return 200, GO_TO_DOMAIN.format(next="/login")
        return (200, LOGIN.format(alert="")) if path == "/login" else (404, "Lost?")

    def form(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        self.posts.append((path, fields))
        if path == "/domain":
            return 303, f"/login?domain={fields['domain']}"
        if fields["password"] != "right":
            return 200, LOGIN.format(alert="The password is not right.")
        back = {"code": "the code", "state": self.first["state"] if self.state is None else self.state}
        return 302, f"{REDIRECT_URI}?{urlencode(back)}"

    def token(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.posts.append(("/token", fields))
        return (200, self.grants) if "access_token" in self.grants else (400, self.grants)


class _Handler(BaseHTTPRequestHandler):
    oauth: FakeOAuth

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.reply(*self.oauth.page(parts.path, parts.query))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
        path = urlsplit(self.path).path
        self.oauth.basic = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        self.oauth.referers.append(self.headers["Referer"])
        if path == "/token":
            status, document = self.oauth.token(fields)
            self.reply(status, json.dumps(document))
        else:
            self.reply(*self.oauth.form(path, fields))

    def reply(self, status: int, text: str) -> None:
        """A redirect's text is its address."""
        raw = text.encode() if status not in (302, 303) else b""
        self.send_response(status)
        if status in (302, 303):
            self.send_header("Location", text)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def serving_oauth(oauth: FakeOAuth) -> Iterator[str]:
    with serving(type("Handler", (_Handler,), {"oauth": oauth})) as address:
        yield address

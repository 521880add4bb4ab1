"""HTTP as Entra does it: one kept-alive connection per thread, sixty seconds, no redirects followed (RFC 9112).

Written on http.client, because the URL must reach the server byte for byte as it was composed.
"""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock, local
from time import perf_counter
from urllib.parse import urlsplit

from entra.dialect import Chaos, Style
from entra.wire import Json, Request

TIMEOUT = 60.0
USER_AGENT = "SecureLogin-stand-in-for-Entra/1"
MEDIA_TYPE = "application/scim+json"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it; `failure` says why when nothing came."""

    request: Request
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    seconds: float = 0.0
    failure: str = ""
    document: Json = field(default_factory=dict)

    @property
    def granted(self) -> bool:
        """Whether Entra takes the status for success."""
        return self.status in self.request.operation.statuses

    def after(self, request: Request) -> "Exchange":
        """What a read has shown, held against the request before it."""
        return replace(self, request=request)

    @property
    def resources(self) -> list[Json]:
        """The entries of a list; empty when the answer is none."""
        return objects_in(self.document.get("Resources"))

    @property
    def members(self) -> list[str]:
        """The ids in a group."""
        return [str(each.get("value")) for each in objects_in(self.document.get("members"))]


def objects_in(value: object) -> list[Json]:
    """Whatever a server has put where a list of objects belongs, as one."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


class Channel:
    """The way to one Tenant URL."""

    def __init__(self, tenant_url: str, style: Style, bearer: Callable[[], str]) -> None:
        """Raises ValueError when the Tenant URL is not an http or https address."""
        parts = urlsplit(tenant_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{tenant_url!r} is not a Tenant URL. It begins with https:// and names a host.")
        self._host, self._port, self._secure = parts.hostname, parts.port, parts.scheme == "https"
        self._base = parts.path.rstrip("/")
        self._style, self._bearer = style, bearer
        self._mine, self._all, self._lock = local(), list[HTTPConnection](), Lock()

    def send(self, request: Request) -> Exchange:
        """Never raises for what the network or the server does: that is part of the answer."""
        body = None if request.body is None else json.dumps(request.body).encode()
        started = perf_counter()
        try:
            return self._converse(request, body, started)
        except (OSError, HTTPException) as error:
            self._connection().close()
            name = type(error).__name__
            return Exchange(request, seconds=perf_counter() - started, failure=f"{name}: {error}")

    def close(self) -> None:
        with self._lock:
            for connection in self._all:
                connection.close()

    def _converse(self, request: Request, body: bytes | None, started: float) -> Exchange:
        connection = self._connection()
        reused = connection.sock is not None
        try:
            return self._exchange(connection, request, body, started)
        except (ConnectionError, HTTPException):
            # A server may close an idle connection at any time; .NET too tries once more on a fresh one.
            connection.close()
            if not reused:
                raise
            return self._exchange(connection, request, body, started)

    def _exchange(self, connection: HTTPConnection, request: Request, body: bytes | None, at: float) -> Exchange:
        connection.request(request.method, self._base + request.path, body, self._headers(body))
        response = connection.getresponse()
        raw = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Exchange(request, response.status, headers, raw, perf_counter() - at, "", _parsed(raw))

    def _headers(self, body: bytes | None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._bearer()}", "Accept": MEDIA_TYPE}
        if not self._style.has(Chaos.NO_USER_AGENT):
            headers["User-Agent"] = USER_AGENT
        if body is not None:
            plain = self._style.has(Chaos.PLAIN_JSON)
            headers["Content-Type"] = "application/json" if plain else f"{MEDIA_TYPE}; charset=utf-8"
        return headers

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._open()
            with self._lock:
                self._all.append(connection)
        return connection

    def _open(self) -> HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return HTTPSConnection(self._host, self._port, timeout=TIMEOUT, context=context)
        return HTTPConnection(self._host, self._port, timeout=TIMEOUT)


def _parsed(raw: bytes) -> Json:
    """The document, or an empty one when the body is something else; the checks tell the two apart."""
    try:
        document = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}

"""One keep-alive HTTP connection that costs the measuring side as little as Python allows (RFC 9112)."""

import socket
import time
from dataclasses import dataclass, field
from typing import IO, Any

import orjson


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, below which path, and the bearer token it takes."""

    port: int
    prefix: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(slots=True)
class Wire:
    """Sends requests one after another, and keeps how long each took, in seconds."""

    address: Address
    seconds: list[float] = field(default_factory=list)
    _socket: socket.socket | None = None
    _reader: IO[bytes] | None = None

    def call(self, method: str, path: str, payload: Any = None) -> Answer:
        """Send one request and return the whole answer. Raises OSError, also for an answer that breaks off."""
        body = b"" if payload is None else orjson.dumps(payload)
        request = self._head(method, path, body) + body
        started = time.perf_counter()
        reused = self._socket is not None
        try:
            answer = self._exchange(request)
        except ConnectionError:
            self.close()
            if not reused:  # a server may end an idle connection just as it is used again
                raise
            answer = self._exchange(request)
        self.seconds.append(time.perf_counter() - started)
        return answer

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._reader = None

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        length = f"Content-Type: application/scim+json\r\nContent-Length: {len(body)}\r\n" if body else ""
        return (
            f"{method} {self.address.prefix}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.address.port}\r\n"
            f"Authorization: Bearer {self.address.token}\r\nAccept: application/scim+json\r\n{length}\r\n"
        ).encode()

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.address.port), timeout=120)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = self._socket.makefile("rb")
        self._socket.sendall(request)
        return self._read()

    def _read(self) -> Answer:
        status = int(self._line()[9:12])
        headers = self._headers()
        if status in {204, 304}:
            body = b""
        elif headers.get(b"transfer-encoding") == b"chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(headers[b"content-length"]))
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return Answer(status, body)

    def _headers(self) -> dict[bytes, bytes]:
        headers = {}
        while (line := self._line()) != b"\r\n":
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        return headers

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._line().partition(b";")[0], 16):
            parts.append(self._exactly(size))
            self._line()
        self._line()
        return b"".join(parts)

    def _line(self) -> bytes:
        line = self._open().readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("The answer broke off.")
        return line

    def _exactly(self, size: int) -> bytes:
        content = self._open().read(size)
        if len(content) < size:
            raise ConnectionResetError("The answer broke off.")
        return content

    def _open(self) -> IO[bytes]:
        if self._reader is None:
            raise ConnectionResetError("The connection is closed.")
        return self._reader

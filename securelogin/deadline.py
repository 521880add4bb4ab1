"""An answer in time: whatever a request is still waiting for in the database when its time is up is cut off.

The database's own limits (env.py) end what it works on for too long. This ends what it says nothing about.
"""

import contextlib
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponseBase
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

from securelogin.postgresql.base import gate

REQUEST_SECONDS = 8.0
_SECONDS_BETWEEN_LOOKS = 0.25

_lock = threading.Lock()
_running: dict[int, tuple[float, Any]] = {}  # by thread: when its time is up, and its connection
_watch: threading.Thread | None = None


class Deadline:
    """The first middleware: from here on, a request has its time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with within(REQUEST_SECONDS):
            return self.get_response(request)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what happens inside so much time; then its wait for the database ends with an OperationalError."""
    _start()
    with _lock:
        _running[threading.get_ident()] = (time.monotonic() + seconds, connections[DEFAULT_DB_ALIAS])
    try:
        yield
    finally:
        with _lock:
            _running.pop(threading.get_ident(), None)


def _start() -> None:
    global _watch  # noqa: PLW0603  # one thread a process, started by its first request (servers fork before that)
    with _lock:
        if _watch is None or not _watch.is_alive():
            _watch = threading.Thread(target=_look, name="deadline", daemon=True)
            _watch.start()


def _look() -> None:
    pause = threading.Event()
    while True:
        pause.wait(_SECONDS_BETWEEN_LOOKS)
        # Under the lock, so that a request that ends just now does not have its successor's wait cut off.
        with _lock:
            now = time.monotonic()
            for deadline, wrapper in _running.values():
                if now > deadline:
                    _cut(wrapper.connection)


def _cut(raw: Any) -> None:
    """End what a connection is waiting for; a request that is slow in any other way loses nothing by it."""
    if isinstance(raw, sqlite3.Connection):
        raw.interrupt()
    elif raw is not None and not raw.closed and raw.pgconn.transaction_status == TransactionStatus.ACTIVE:
        gate.close()
        with contextlib.suppress(OSError, OperationalError), socket.socket(fileno=os.dup(raw.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)


__all__ = ["REQUEST_SECONDS", "Deadline", "within"]

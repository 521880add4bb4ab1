"""Django's PostgreSQL backend, for a server that restarts or stalls, and for the few statements that are hot: no
request is spent on finding out, and no cursor is made for each.
"""

import select
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus

from securelogin.env import CONNECT_SECONDS
from securelogin.postgresql.prepared import Prepared

# After an attempt to connect that got no answer, how long others are refused before the next one tries.
REST_SECONDS = 1.0
# A server that refuses does so at once; one that takes longer than this is stuck.
STUCK_SECONDS = 1.0


class Gate:
    """While the database gives no answer, one request at a time tries to connect; the others are refused at once.

    Otherwise each would wait for its own time-out, those behind it for theirs too, and none would be answered in time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def enter(self) -> None:
        """Raises OperationalError while it is closed."""
        with self._lock:
            if not self._closed_until:
                return
            if time.monotonic() < self._closed_until:
                raise OperationalError("The database gives no answer.")
            # This one tries; the others wait for what it finds.
            self._closed_until = time.monotonic() + CONNECT_SECONDS + REST_SECONDS

    def close(self) -> None:
        with self._lock:
            self._closed_until = time.monotonic() + REST_SECONDS

    def open(self) -> None:
        with self._lock:
            self._closed_until = 0.0


gate = Gate()


class MomentLoader(Loader):
    """Reads a moment of a session in UTC, which all of ours are, in a tenth of the time that Django's loader takes."""

    timezone = UTC  # Django compares it with its own before it leaves a loader in place

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(str(data, "ascii"))


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows without a round trip whether its connection still lives, and keeps what is prepared on it."""

    _prepared: Prepared | None = None

    def run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows; in a quarter of the time that a new cursor of Django's takes.

        While somebody watches or counts statements it goes Django's way, and so it does behind a pooler, where nothing
        may be prepared. Raises Django's database errors.
        """
        if self.queries_logged or self.execute_wrappers or self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            with self.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepared_here().run(sql, parameters)

    def _prepared_here(self) -> Prepared:
        if self._prepared is None or self._prepared.connection is not self.connection:
            self._prepared = Prepared(self.connection)
        return self._prepared

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, unless others have just found out in vain."""
        gate.enter()
        began = time.monotonic()
        try:
            connection = super().get_new_connection(conn_params)
        except Exception:
            if time.monotonic() - began > STUCK_SECONDS:
                gate.close()
            else:
                gate.open()
            raise
        gate.open()
        connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        """Django calls this before and after each request. A server that went away has said so on the socket."""
        if self.connection is not None and not self.in_atomic_block and not self.is_usable():
            self.close()
        super().close_if_unusable_or_obsolete()

    def is_usable(self) -> bool:
        """Django's own asks the server, which may be what does not answer."""
        connection = self.connection
        if connection is None or connection.closed:
            return False
        return connection.pgconn.transaction_status == TransactionStatus.IDLE and _is_silent(connection.fileno())


def _is_silent(descriptor: int) -> bool:
    """Tell whether nothing has arrived: on a connection at rest, that is its end, or news that a new one brings too."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)

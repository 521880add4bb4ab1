"""The only writer of the logbook. A write's line is committed with its change; all others go in batches."""

import atexit
import contextlib
import logging
import threading
from collections import deque
from typing import Any

import orjson
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry
from securelogin.logs import masked, masked_address

logger = logging.getLogger(__name__)

BATCH = 500
SECONDS_BETWEEN_BATCHES = 1.0
# With this many lines waiting, the database is too slow for them; a newer line is dropped, with a warning.
WAITING = 20_000

Line = dict[str, Any]  # an entry by column, not yet written

_COLUMNS = ", ".join(str(field.column) for field in Entry._meta.concrete_fields)  # noqa: SLF001  # Django documents it
_INSERT = (
    f"INSERT INTO logbook_entry ({_COLUMNS})"  # noqa: S608  # names of our own model
    f" SELECT {_COLUMNS} FROM json_populate_recordset(NULL::logbook_entry, %s::json) ON CONFLICT DO NOTHING"
)

_waiting: deque[Line] = deque()
_thread_lock = threading.Lock()
_thread: threading.Thread | None = None


def values(exchange: Exchange) -> Line:
    """Return the line of this exchange as it is known now, by column."""
    return {
        "id": exchange.id,
        "domain_id": exchange.domain_id,
        "at": exchange.at,
        "connection_id": exchange.connection_id,
        "actor_label": exchange.actor_label,
        "method": exchange.method[:10],
        "path": _legible(masked_address(exchange.path[:2000])),
        "query": _legible(masked_address(exchange.query[:2000])),
        "status": exchange.status,
        "milliseconds": exchange.milliseconds(),
        "error_id": exchange.error_id,
        "detail": _legible(masked(exchange.detail[:4000])),
        "warnings": [_legible(masked(sentence)) for sentence in exchange.warnings],
        "subject_type": exchange.subject_type,
        "subject_id": exchange.subject_id,
        "subject_label": exchange.subject_label[:2000],
        "changed": exchange.changed,
    }


def _legible(text: str) -> str:
    """Return text as every database can hold it: the line of a strange request must not be lost for that."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def record(exchange: Exchange) -> None:
    """Write the line of an exchange that changed nothing: in the background of a server, at once elsewhere.

    Never raises: a logbook that cannot be written must not fail the request that it is about.
    """
    line = values(exchange)
    if settings.LOGBOOK_IN_BACKGROUND:
        _start()
        _wait(line)
    else:
        _write([line])


def flush() -> None:
    """Write what waits. While the database is away it goes on waiting: a manager wants to read of an outage too."""
    while batch := _take():
        if not _write(batch):
            for line in batch:
                _wait(line)
            return


def waiting() -> int:
    """Return how many lines of this process wait to be written."""
    return len(_waiting)


def _wait(line: Line) -> None:
    if len(_waiting) < WAITING:
        _waiting.append(line)
    else:
        logger.warning("The logbook is %s lines behind; a line was dropped.", WAITING)


def _take() -> list[Line]:
    batch: list[Line] = []
    with contextlib.suppress(IndexError):  # another thread may have taken the last one
        while len(batch) < BATCH:
            batch.append(_waiting.popleft())
    return batch


def _write(batch: list[Line]) -> bool:
    """Return whether the lines are done with: False while the database is away."""
    try:
        _insert(batch)
    except (OperationalError, InterfaceError) as error:
        logger.warning("The database is away; %s lines of the logbook could not be written yet: %s", len(batch), error)
        return False
    except (DatabaseError, ValueError, TypeError):
        if len(batch) == 1:
            logger.exception("A line of the logbook could not be written.")
        else:
            # One line that cannot be written must not take the others with it.
            written = [_write([line]) for line in batch]
            return all(written)
    return True


def _insert(batch: list[Line]) -> None:
    """Write lines, each once: a batch may come twice, if the answer to its commit was what got lost."""
    if connection.vendor != "postgresql":
        Entry.objects.bulk_create([Entry(**line) for line in batch], ignore_conflicts=True)
        return
    # As one parameter, however many there are: objects, and a parameter for each value, take ten times as long.
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [orjson.dumps(batch).decode()])


def _start() -> None:
    global _thread  # noqa: PLW0603  # one thread a process, started by its first request (servers fork before that)
    if _thread is not None and _thread.is_alive():
        return
    with _thread_lock:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="logbook", daemon=True)
            _thread.start()
            atexit.register(flush)


def _run() -> None:
    pause = threading.Event()
    while True:
        pause.wait(SECONDS_BETWEEN_BATCHES)
        flush()
        connection.close_if_unusable_or_obsolete()

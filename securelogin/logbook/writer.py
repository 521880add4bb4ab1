"""The only writer of the logbook. A write's line is committed with its change; all others, and transcripts, go in
batches.
"""

import atexit
import contextlib
import logging
import threading
from collections import deque
from typing import Any

import orjson
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Model

from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry, Transcript
from securelogin.logbook.transcripts import legible, request_text, response_text
from securelogin.logs import masked, masked_address

logger = logging.getLogger(__name__)

BATCH = 500
SECONDS_BETWEEN_BATCHES = 1.0
# With this many rows waiting, the database is too slow for them; a newer one is dropped, with a warning. A transcript
# may be forty times as large as a line.
WAITING = {Entry: 20_000, Transcript: 2_000}

Line = dict[str, Any]  # a row by column, not yet written


def _insertion(model: type[Model]) -> str:
    """Return the statement that inserts any number of rows, which are one parameter."""
    table = model._meta.db_table  # noqa: SLF001  # Django documents it
    columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)  # noqa: SLF001
    return (
        f"INSERT INTO {table} ({columns})"  # noqa: S608  # names of our own models
        f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json) ON CONFLICT DO NOTHING"
    )


_INSERT = {model: _insertion(model) for model in WAITING}

# Lines first: a transcript belongs to one.
_waiting: dict[type[Model], deque[Line]] = {model: deque() for model in WAITING}
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
        "path": legible(masked_address(exchange.path[:2000])),
        "query": legible(masked_address(exchange.query[:2000])),
        "status": exchange.status,
        "milliseconds": exchange.milliseconds(),
        "error_id": exchange.error_id,
        "detail": legible(masked(exchange.detail[:4000])),
        "warnings": [legible(masked(sentence)) for sentence in exchange.warnings],
        "subject_type": exchange.subject_type,
        "subject_id": exchange.subject_id,
        "subject_label": legible(masked(exchange.subject_label[:2000])),
        "changed": exchange.changed,
        "outcome": exchange.outcome if exchange.changed else "",
    }


def record(exchange: Exchange) -> None:
    """Write the line of an exchange that changed nothing: in the background of a server, at once elsewhere.

    Never raises: a logbook that cannot be written must not fail the request that it is about.
    """
    _enter(Entry, values(exchange))


def transcribe(exchange: Exchange, answer: bytes) -> None:
    """Write what was said beside the line of an exchange, if it wrote or was refused. As `record`, never raises."""
    refused = exchange.status >= 400
    if exchange.domain_id is None or not (refused or exchange.checks or exchange.request is not None):
        return
    said = {"entry_id": exchange.id, "request": request_text(exchange.request), "response": response_text(answer)}
    _enter(Transcript, {**said, "checks": exchange.checks})


def flush() -> None:
    """Write what waits now. While the database is away it goes on waiting: a manager wants to read of an outage too."""
    # Counted first, or on a busy server there would be no end, and each batch would be the few that just came. And
    # transcripts before lines: those that are counted have theirs among the lines, which waited before them.
    due: dict[type[Model], int] = {model: len(_waiting[model]) for model in (Transcript, Entry)}
    for model in WAITING:
        while batch := _take(model, min(BATCH, due[model])):
            if not _write(model, batch):
                for line in batch:
                    _wait(model, line)
                return
            due[model] -= len(batch)


def waiting() -> int:
    """Return how many rows of this process wait to be written."""
    return sum(map(len, _waiting.values()))


def _enter(model: type[Model], line: Line) -> None:
    if settings.LOGBOOK_IN_BACKGROUND:
        _start()
        _wait(model, line)
    else:
        _write(model, [line])


def _wait(model: type[Model], line: Line) -> None:
    if len(_waiting[model]) < WAITING[model]:
        _waiting[model].append(line)
    else:
        logger.warning("The logbook is %s rows behind; one was dropped.", WAITING[model])


def _take(model: type[Model], most: int) -> list[Line]:
    batch: list[Line] = []
    with contextlib.suppress(IndexError):  # another thread may have taken the last one
        while len(batch) < most:
            batch.append(_waiting[model].popleft())
    return batch


def _write(model: type[Model], batch: list[Line]) -> bool:
    """Return whether the rows are done with: False while the database is away."""
    try:
        _insert(model, batch)
    except (OperationalError, InterfaceError) as error:
        logger.warning("The database is away; %s rows of the logbook could not be written yet: %s", len(batch), error)
        return False
    except (DatabaseError, ValueError, TypeError):
        if len(batch) == 1:
            logger.exception("A row of the logbook could not be written.")
        else:
            # One row that cannot be written must not take the others with it.
            written = [_write(model, [line]) for line in batch]
            return all(written)
    return True


def _insert(model: type[Model], batch: list[Line]) -> None:
    """Write rows, each once: a batch may come twice, if the answer to its commit was what got lost."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create([model(**line) for line in batch], ignore_conflicts=True)  # noqa: SLF001
        return
    # As one parameter, however many there are: objects, and a parameter for each value, take ten times as long.
    with connection.cursor() as cursor:
        cursor.execute(_INSERT[model], [orjson.dumps(batch).decode()])


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

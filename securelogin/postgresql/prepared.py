"""Statements that repeat for ever, handed to libpq as they are: no cursor, and one pause of the interpreter each."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

# As many statements are kept at a server; our hot ones are some thirty, and filters of a client's own come beside them.
MOST = 200

_numbers = count()  # of all statements of this process: no two share a name, whoever prepared them

_Key = tuple[str, tuple[int, ...]]  # a statement's text, and the types of its parameters


class Prepared:
    """The statements that one connection has prepared. A statement is prepared when it comes for the second time.

    Does what psycopg's cursor does for a simple statement, in a third of its time. psycopg itself must not prepare on
    this connection: it takes what is prepared away, all of it, whenever something is rolled back.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self._transformer = Transformer(connection)
        self._names: dict[_Key, bytes] = {}  # b"" of one that came once

    def run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows. Raises psycopg's errors."""
        self._begin()
        transformer = self._transformer
        values: Any = transformer.dump_sequence(parameters, (PyFormat.AUTO,) * len(parameters))
        key = sql, transformer.types or ()
        name = self._names.get(key) or self._meet(key)
        if name:
            result = self.connection.pgconn.exec_prepared(name, values, transformer.formats)
        else:
            result = self.connection.pgconn.exec_params(_numbered(sql), values, key[1], transformer.formats)
        if result.status == ExecStatus.COMMAND_OK:
            return []
        try:
            self._check(result)
        except errors.FeatureNotSupported:
            self._names.pop(key, None)  # a migration has changed what it returns: prepared anew the next time
            raise
        transformer.set_pgresult(result)
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None)  # or the largest group would stay in memory until somebody asks again
        return rows

    def _begin(self) -> None:
        """Begin the transaction that is due, as psycopg's cursor does with the first statement."""
        connection = self.connection
        if not connection.autocommit and connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._check(connection.pgconn.exec_(b"BEGIN"))

    def _meet(self, key: _Key) -> bytes:
        """Return the name of a statement that comes again, now prepared; of one that is new, nothing."""
        if key not in self._names:
            if len(self._names) >= MOST:
                self._forget()
            self._names[key] = b""
            return b""
        name = b"hot_%d" % next(_numbers)
        self._check(self.connection.pgconn.prepare(name, _numbered(key[0]), key[1]))
        self._names[key] = name
        return name

    def _forget(self) -> None:
        """Begin anew: rare, and simpler than knowing which statement was used least."""
        gone = [name for name in self._names.values() if name]
        self._names.clear()
        if gone:
            self._check(self.connection.pgconn.exec_(b"; ".join(b"DEALLOCATE " + name for name in gone)))

    def _check(self, result: PGresult) -> None:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return
        connection = self.connection
        if connection.pgconn.status != ConnStatus.OK:
            raise OperationalError(connection.pgconn.get_error_message(connection.info.encoding))
        raise errors.error_from_result(result, encoding=connection.info.encoding)


def _numbered(sql: str) -> bytes:
    """Return a statement with PostgreSQL's placeholders instead of Python's: $1 for the first %s."""
    first, *others = sql.split("%s")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))
    return numbered.replace("%%", "%").encode()

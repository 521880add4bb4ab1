"""Create or drop a database for a measurement: database.py create|drop ADDRESS NAME."""

import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

STATEMENTS = {"create": "CREATE DATABASE {}", "drop": "DROP DATABASE IF EXISTS {} WITH (FORCE)"}

_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"


def manage(verb: str, address: str, name: str) -> None:
    """Create or drop a database on the server at this address."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(STATEMENTS[verb]).format(sql.Identifier(name)))


def run_script(address: str, script: Path, **parameters: Any) -> None:
    """Run a file of statements; `%(name)s` in them stands for a parameter."""
    with psycopg.ClientCursor(psycopg.connect(address, autocommit=True)) as cursor, cursor.connection:
        cursor.execute(script.read_text(encoding="utf-8").encode(), parameters)


def vacuum(address: str) -> None:
    """Leave a seeded database as housekeeping would: statistics there, and pages known to be visible to all."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def backends(address: str, name: str) -> list[int]:
    """Return the process ids of the server's connections to a database."""
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(_BACKENDS, (name,)).fetchall()
    return [pid for (pid,) in found]


def version(address: str) -> str:
    """Return the version of the server, as 15.2."""
    with psycopg.connect(address) as connection:
        number = connection.info.server_version
    return f"{number // 10_000}.{number % 10_000}"


if __name__ == "__main__":
    manage(*sys.argv[1:])

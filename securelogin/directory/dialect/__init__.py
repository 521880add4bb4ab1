"""Where SQLite and PostgreSQL spell the same thing differently: one class each, and nothing else knows which."""

from functools import cache

from django.db import connection

from securelogin.directory.dialect.base import Demand, Dialect, Statement
from securelogin.directory.dialect.postgresql import PostgreSQL
from securelogin.directory.dialect.sqlite import SQLite

_DIALECTS: dict[str, Dialect] = {"postgresql": PostgreSQL(), "sqlite": SQLite()}


@cache
def current() -> Dialect:
    """Return the dialect of the database in use, which is one for the life of a process."""
    return _DIALECTS[connection.vendor]


__all__ = ["Demand", "Dialect", "Statement", "current"]

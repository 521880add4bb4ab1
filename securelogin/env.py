"""The environment, read strictly: a setting is right, or the process does not start. `NAME_FILE` holds a secret in a
file.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS = 3
MAIL_SECONDS = 10


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the content of the file that `<name>_FILE` names.

    Raises ImproperlyConfigured when neither is set and there is no default, or when the file cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE, the path of a file that holds it).")
    return value


def boolean(name: str, *, default: bool) -> bool:
    """Return True for "true" and False for "false"; anything else is refused rather than guessed."""
    value = os.environ.get(name, "").lower()
    if value not in {"", "true", "false"}:
        raise ImproperlyConfigured(f'{name} is "{value}"; write "true" or "false".')
    return default if value == "" else value == "true"


def number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f'{name} is "{value}"; write a whole number.')
    return int(value)


def one_of(name: str, choices: set[str], default: str) -> str:
    value = os.environ.get(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f'{name} is "{value}"; write one of {", ".join(sorted(choices))}.')
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without its blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def public_url(default: str) -> str:
    """Return PUBLIC_URL without a trailing slash: the one address from which hosts, issuer and cookies derive."""
    url = text("PUBLIC_URL", default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f'PUBLIC_URL is "{url}"; write scheme and host only, as in https://login.example.com.'
        )
    return url


def is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def mail() -> dict[str, Any]:
    """Return Django's settings for MAIL_URL and MAIL_FROM; without MAIL_URL mails are logged, not sent.

    smtp://user:password@host:port turns to TLS before anything is said, smtps:// begins with it, and smtp://…?tls=none
    is for a relay next door that speaks none.
    """
    url, sender = text("MAIL_URL", ""), text("MAIL_FROM", "")
    if not url:
        return {"EMAIL_BACKEND": "securelogin.mail.Unsent"}
    if "@" not in parseaddr(sender)[1]:
        raise ImproperlyConfigured(f'MAIL_FROM is "{sender}"; write who mails are from, as in no-reply@example.com.')
    return _smtp(url) | {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": MAIL_SECONDS}


def _smtp(url: str) -> dict[str, Any]:
    parts, usual = urlsplit(url), {"smtp": 587, "smtps": 465}
    queries = {"", "tls=none"} if parts.scheme == "smtp" else {""}
    try:
        port = (parts.port or usual[parts.scheme]) if parts.scheme in usual else None
    except ValueError:
        port = None
    if port is None or not parts.hostname or parts.path.strip("/") or parts.query not in queries:
        # The address itself may hold a password, so it is not repeated.
        raise ImproperlyConfigured("MAIL_URL: write smtp://user:password@host:587 or smtps://user:password@host:465.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.query != "tls=none",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def database(default: str, *, prepare: bool) -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL: sqlite:///path or postgresql://user:password@host:port/name."""
    url = text("DATABASE_URL", default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        settings = {
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
        return settings | _postgresql(dict(parse_qsl(parts.query)), prepare=prepare)
    raise ImproperlyConfigured(
        "DATABASE_URL: write sqlite:///path/to/file or postgresql://user:password@host:port/name."
    )


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Writers take the lock at BEGIN and wait for it, so that none fails with "database is locked" half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 7,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
        },
        "CONN_MAX_AGE": None,
    }


def _postgresql(options: dict[str, str], *, prepare: bool) -> dict[str, Any]:
    # An answer within ten seconds, also when a lock or a statement is stuck; a statement above these is refused as 503.
    # What the server is silent about is cut off by deadline.py.
    limits = "-c statement_timeout=7000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    return {
        "ENGINE": "securelogin.postgresql",
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": not prepare,  # nothing that lasts longer than a transaction
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            # A server that vanished without a word is noticed by the kernel, also where no deadline watches.
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "options": limits,
            "server_side_binding": prepare,
            # What is worth preparing is prepared by our backend; psycopg would forget it all with every rollback.
            "prepare_threshold": None,
            **options,
        },
    }

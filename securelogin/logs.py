"""What the process itself says: a line of JSON or of text, with the request it is about, and never with a token."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# The id of the request that this thread answers, as `X-Request-Id` tells the client; empty between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Every secret of ours begins so (oauth/tokens.py, signin/links.py), whoever logs it and however it got there; and
# somebody else's token, as Entra's assertions are, is a JWT (RFC 7519 §3), whose first part begins with `{"` in
# Base64url.
_SECRET = re.compile(r"\b(?:(sl(?:oat|ort|ocs|ak|ink)_)\w+|(eyJ)[\w-]+\.[\w.-]+)")
_MARKS = ("sloat_", "slort_", "slocs_", "slak_", "slink_", "eyJ")
# What somebody else's secret is called in an address, and a filter that asks for a password.
_NAMES = ("token=", "secret=", "assertion=", "code=", "password")
_NAMED = re.compile(r"(?i)\b(access_token|refresh_token|client_secret|client_assertion|code)=[^&\s]+|(password)\b[^&]*")


def masked(text: str) -> str:
    """Return text with the secrets in it cut down to their kind or name: `sloat_…`, `eyJ…`, `access_token=…`."""
    if not any(mark in text for mark in _MARKS):  # nearly always, and a hundred times as quick as the expression
        return text
    return _SECRET.sub(r"\1\2…", text)


def masked_address(text: str) -> str:
    """Return a path or query without the secrets that somebody put there."""
    folded = text.lower()
    if not any(word in folded for word in _NAMES):  # nearly always, and quicker than the expression
        return masked(text)
    return _NAMED.sub(lambda found: f"{found[1]}=…" if found[1] else f"{found[2]}…", masked(text))


class TextFormatter(logging.Formatter):
    """For a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """One object a line, for whatever collects them."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return masked(json.dumps(line, ensure_ascii=False))

"""What the process itself says: a line of JSON or of text, with the request it is about, and never with a token."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# The id of the request that this thread answers, as `X-Request-Id` tells the client; empty between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Every secret of ours begins so (oauth/tokens.py), whoever logs it and however it got there.
_SECRET = re.compile(r"\b(sl(?:oat|ort|ocs|ak)_)\w+")


def masked(text: str) -> str:
    """Return text with the secrets in it cut down to their kind: `sloat_…`."""
    return _SECRET.sub(r"\1…", text)


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

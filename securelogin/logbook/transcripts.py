"""What a transcript keeps of a request and its answer: redacted by field, cut short, and as text that can be stored."""

from typing import Any

import orjson

from securelogin import logs

LONGEST = 8 * 1024  # bytes of a body
CUT = "\N{HORIZONTAL ELLIPSIS} (cut here)"
MASK = "\N{HORIZONTAL ELLIPSIS}"
_MANY = 100  # entries of a list
_DEEP = 20
_SECRET = ("password", "secret", "token")


def request_text(body: Any) -> str:
    """Return the body of a write as it is kept: values if it was JSON, else the bytes."""
    if body is None:
        return ""
    if isinstance(body, bytes):
        text = _cut(body)
        # Nobody can tell where in something unreadable the secret begins and ends.
        return MASK if _is_secret(text) else text
    return _plain(body) or _cut(orjson.dumps(_redacted(body, _DEEP)))


def _plain(body: Any) -> str:
    """Return a body that has nothing to hide and nothing to shorten, as nearly all have: one look at its text tells."""
    try:
        whole = orjson.dumps(body)
    except TypeError:  # too deep
        return ""
    return "" if len(whole) > LONGEST or _is_secret(text := _cut(whole)) else text


def response_text(content: bytes) -> str:
    return _cut(content)


def _cut(content: bytes) -> str:
    text = legible(logs.masked(content[:LONGEST].decode("utf-8", "replace")))
    return f"{text}{CUT}" if len(content) > LONGEST else text


def legible(text: str) -> str:
    """Return text as every database can hold it: the line of a strange request must not be lost for that."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _redacted(value: Any, depth: int) -> Any:
    """Return JSON without the values of secret fields, and of long lists the beginning."""
    if not depth:
        return CUT
    if isinstance(value, dict):
        hidden = _hidden(value)
        return {name: MASK if name in hidden else _redacted(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        rest = [f"{CUT[0]} ({len(value) - _MANY} more)"] if len(value) > _MANY else []
        return [*(_redacted(part, depth - 1) for part in value[:_MANY]), *rest]
    return value


def _hidden(record: dict[str, Any]) -> set[str]:
    """Return the names of secret fields; in an operation of a PATCH, `path` says whether `value` is one."""
    secret = {name for name in record if _is_secret(name)}
    paths = [part for name, part in record.items() if name.lower() == "path" and isinstance(part, str)]
    if any(_is_secret(path) for path in paths):
        secret |= {name for name in record if name.lower() == "value"}
    return secret


def _is_secret(name: str) -> bool:
    folded = name.lower()
    return any(word in folded for word in _SECRET)

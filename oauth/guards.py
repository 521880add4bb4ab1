"""What is refused before it reaches the database: requests of the wrong size, type or characters (RFC 6749 §3.2)."""

import re
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

_MOST_QUERY = 8 * 1024  # characters; a longer address may not survive the proxies in front either
_MOST_BODY = 16 * 1024  # bytes
_FORM = "application/x-www-form-urlencoded"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def query_is_sound(query: str) -> bool:
    """Tell whether the query is short, well escaped and free of NUL, which PostgreSQL cannot store."""
    return len(query) <= _MOST_QUERY and not _BAD_ESCAPE.search(query) and b"\x00" not in unquote_to_bytes(query)


def fault_of_form(request: HttpRequest) -> str | None:
    """Return what is wrong with the body of a token request, as a sentence for whoever wrote the client; or None."""
    if _length(request) > _MOST_BODY:
        return "The request is too large."
    if request.content_type != _FORM:
        return f"Send the parameters as {_FORM}."
    try:
        parameters = list(request.POST.lists())
    except (SuspiciousOperation, MultiPartParserError, UnicodeError):
        return "The request cannot be read."
    if any("\x00" in text for key, values in parameters for text in (key, *values)):
        return "The request has a NUL character."
    return next((f"The parameter {key} is there twice." for key, values in parameters if len(values) > 1), None)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else _MOST_BODY + 1

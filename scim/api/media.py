"""JSON in and out: RFC 7644 §3.1 and §8.1. One parser, one way to answer, and nothing to negotiate."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from scim.protocol.errors import InvalidSyntax, InvalidValue, PayloadTooLarge, ScimError, UnsupportedMediaType

SCIM_JSON = "application/scim+json"
# Entra sends application/scim+json with a charset; others send application/json, or nothing at all.
_ACCEPTED = {SCIM_JSON, "application/json", "text/json", ""}
# A group of 100,000 members is some 6 MB.
MAX_BODY = 8 * 1024 * 1024


def read_json(request: HttpRequest) -> Any:
    """Return the body as JSON. Raises UnsupportedMediaType, PayloadTooLarge, InvalidSyntax, InvalidValue."""
    return parsed(read_body(request))


def read_body(request: HttpRequest) -> bytes:
    """Return the body, which should be JSON. Raises UnsupportedMediaType, PayloadTooLarge, InvalidSyntax."""
    media_type = (request.META.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
    if media_type not in _ACCEPTED:
        raise UnsupportedMediaType(f"Send {SCIM_JSON}, not {media_type[:100]}.", "SL-MEDIA-TYPE")
    body = _read(request)
    if not body:
        raise InvalidSyntax("The request has no body; send one JSON object.", "SL-BODY-EMPTY")
    return body


def parsed(body: bytes) -> Any:
    """Return JSON as values. Raises InvalidSyntax, InvalidValue."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _explained(body, error) from error


def _read(request: HttpRequest) -> bytes:
    too_large = PayloadTooLarge(
        f"The body is larger than {MAX_BODY // 1024 // 1024} MiB; send less at a time.", "SL-BODY-SIZE"
    )
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:19]) > MAX_BODY:
        raise too_large
    try:
        body: bytes = request.read(MAX_BODY + 1)
    except OSError as error:
        raise InvalidSyntax("The body broke off before its end; send the request again.", "SL-BODY-BROKEN") from error
    if len(body) > MAX_BODY:
        raise too_large
    return body


def _explained(body: bytes, error: orjson.JSONDecodeError) -> ScimError:
    """Tell text that is no JSON from JSON that holds what no text can: half of a surrogate pair."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return InvalidSyntax(f"The body is not JSON: {error.msg} at line {error.lineno}.", "SL-BODY-JSON")
    return InvalidValue(
        "The body holds half of a surrogate pair, or a number no machine can hold.", "SL-VALUE-CHARACTER"
    )


def precautions(hsts_seconds: int) -> dict[str, str]:
    """Return what the middleware for pages would add: people's data is in no cache (RFC 9111 §5.2.2.5), and under https
    nobody asks without it (RFC 6797 §6.1).
    """
    always = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    lasting = {"Strict-Transport-Security": f"max-age={hsts_seconds}; includeSubDomains; preload"}
    return always | lasting if hsts_seconds else always


_PRECAUTIONS = precautions(settings.SECURE_HSTS_SECONDS)


class ScimResponse(HttpResponse):
    """An answer in SCIM's own media type; `payload` None is an empty body."""

    def __init__(self, payload: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        content = b"" if payload is None else orjson.dumps(payload)
        super().__init__(content, content_type=SCIM_JSON, status=status, headers={**_PRECAUTIONS, **(headers or {})})


def error_response(error: ScimError) -> ScimResponse:
    return ScimResponse(error.body(), error.status, error.headers)

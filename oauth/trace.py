"""What authorization leaves behind: a line in the logbook for each request of a client (RFC 6749 §3.2, RFC 7009), and
a warning for each refusal.

Neither holds a secret: forms are not kept, and what a refusal says is a sentence of ours.
"""

import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse

from oauth.models import Connection
from securelogin import logs
from securelogin.directory.ids import uuid7
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.signin.addresses import client_address

logger = logging.getLogger("oauth")

# The toolkit does not hand requests on to its validator; this is how what the validator finds out gets into the line.
_current: ContextVar[Exchange | None] = ContextVar("oauth_exchange", default=None)


def traced(request: HttpRequest, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Answer the request of a client, and write its line whatever came of it."""
    exchange = Exchange(uuid7(), request.method or "", request.path_info)
    logs.request_id.set(str(exchange.id))
    outer = _current.set(exchange)
    try:
        response = answer(request)
        _settle(request, exchange, response)
    finally:
        _current.reset(outer)
        logs.request_id.set("")
    response["X-Request-Id"] = str(exchange.id)
    return response


def called_by(client_id: str) -> None:
    """Note which client calls, or says that it does."""
    if exchange := _current.get():
        # Somebody may have typed the secret into the wrong field.
        exchange.actor_label = logs.masked(client_id)[:200]


def concerns(connection: Connection) -> None:
    """Note which connection the request turned out to be about, and so whose domain's line it is."""
    if exchange := _current.get():
        exchange.domain_id, exchange.connection_id = connection.domain_id, connection.pk
        exchange.about("connection", connection.pk, connection.name)


def changes(sentence: str) -> None:
    """Note that a connection began or ended with this request."""
    if exchange := _current.get():
        exchange.changed = True
        exchange.warn(sentence)


def knows(sentence: str) -> None:
    """Note why the request is refused, for the managers of the domain: whoever sent it is told less."""
    if exchange := _current.get():
        exchange.detail = sentence


def judged(checks: list[dict[str, Any]]) -> None:
    """Note how an assertion was judged, check by check."""
    if exchange := _current.get():
        exchange.checks = checks


def refused(request: HttpRequest, client_id: str, error: str) -> None:
    """Warn the operator. What the client calls itself is quoted, so that it cannot write lines of its own."""
    logger.warning(
        "Refused %s of client %.100r from %s: %s", request.path_info, client_id, client_address(request), error
    )


def _settle(request: HttpRequest, exchange: Exchange, response: HttpResponse) -> None:
    exchange.status = response.status_code
    if exchange.status >= 500:  # rolled back; a refusal below that is committed, with what it ended
        exchange.changed, exchange.warnings = False, []
    if exchange.status >= 400:
        fault = json.loads(response.content)
        exchange.error_id = fault["error"][:40]
        exchange.detail = exchange.detail or logs.masked(fault.get("error_description", ""))
        refused(request, exchange.actor_label, exchange.error_id)
    writer.record(exchange)
    # An answer that does not refuse holds tokens.
    writer.transcribe(exchange, response.content if exchange.status >= 400 else b"")

"""The boundary: every request under /scim enters and leaves here, and whatever happens in between, the answer is SCIM.

A middleware, before all but the deadline: sessions, cookies, CSRF and languages are for pages, and cost it nothing.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver

from scim.api.media import error_response
from scim.api.translate import scim_error
from scim.protocol.errors import ScimError
from securelogin import logs, metrics
from securelogin.directory.ids import uuid7
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange

PREFIX = "/scim"
BASE_PATH = "/scim/v2"
_OWN_HOST = urlsplit(settings.PUBLIC_URL).netloc
_SLASHES = re.compile("/{2,}")
# Entra's flag belongs behind the Tenant URL; a client that appends paths to the whole makes this of it.
_GLUED_FLAG = "aadOptscim062020"


class ScimBoundary:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = _SLASHES.sub("/", request.path_info)
        if path != PREFIX and not path.startswith(PREFIX + "/"):
            return self.get_response(request)
        return answer(request, path)


def answer(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer one request, and see that it has its line in the logbook."""
    _normalise(request, path)
    query = request.META.get("QUERY_STRING", "")
    exchange = Exchange(uuid7(), request.method or "", request.path_info, query)
    logs.request_id.set(str(exchange.id))
    route = ""
    try:
        if request.META.get("HTTP_HOST") != _OWN_HOST:
            request.get_host()  # one of the others that are allowed, or DisallowedHost
        match = get_resolver("scim.api.urls").resolve(request.path_info.removeprefix(PREFIX) or "/")
        route = match.url_name or ""
        response: HttpResponseBase = match.func(request, *match.args, exchange=exchange, **match.kwargs)
    except Exception as error:  # noqa: BLE001  # the boundary's very purpose: nothing but SCIM leaves here
        response = refusal(error, exchange)
    response["X-Request-Id"] = str(exchange.id)
    _note(exchange, route, response)
    return response


def _note(exchange: Exchange, route: str, response: HttpResponseBase) -> None:
    """Count the request, and write its line unless that was committed with its change; and what was said in it."""
    status = response.status_code
    metrics.answered(exchange.method, route, status, exchange.seconds())
    if exchange.written and status != exchange.status:
        # The change and its line are committed, and still the client heard something else: that is a line of its own.
        exchange.id, exchange.changed, exchange.written = uuid7(), False, False
    if not exchange.written:
        exchange.status = status
        writer.record(exchange)
    writer.transcribe(exchange, getattr(response, "content", b""))
    logs.request_id.set("")


def refusal(error: Exception, exchange: Exchange) -> HttpResponseBase:
    """Return the answer to a failure, and note why for the provisioning log."""
    said: ScimError = scim_error(error)
    # Of a credential that is known and refused the log knows more than is said.
    exchange.error_id, exchange.detail = said.id, exchange.detail or said.detail
    return error_response(said)


def _normalise(request: HttpRequest, path: str) -> None:
    """`/scim/v2//Users/` is `/scim/v2/Users`: a redirect would lose the body of a POST and the credential."""
    path = path.rstrip("/")
    flag, slash, rest = request.META.get("QUERY_STRING", "").partition("/")
    if path == BASE_PATH and slash and flag.partition("=")[0] == _GLUED_FLAG:
        resource, _, query = rest.partition("?")
        path, request.META["QUERY_STRING"] = f"{path}/{resource.rstrip('/')}", query
    request.path_info = request.path = path

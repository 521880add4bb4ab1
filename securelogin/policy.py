"""The Content Security Policy of every page, and how a page of a pending authorization loosens it (RFC 9700 §4.16)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADER = "Content-Security-Policy"


class ContentSecurityPolicy:
    """Middleware: sends the strict policy unless the view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, _POLICY)
        return response


def lead_back_to(response: HttpResponse, origin: str) -> HttpResponse:
    """Let this page's form end at `origin`, and its opener stay in touch with the window.

    Chromium applies form-action to the redirect that answers a form too, so `'self'` alone would block the way back.
    Entra opens Authorize in a new window, which any other opener policy would cut off from the portal that waits.
    """
    response.headers[HEADER] = f"{_POLICY} {origin}"
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response

"""The cheapest authentication there is: one fixed token, no look-up."""

import os
from collections.abc import Callable
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse, HttpResponseBase

EXPECTED = f"Bearer {os.environ.get('BENCH_TOKEN', '')}"
CALLER = SimpleNamespace(is_authenticated=True, is_anonymous=False)


class Bearer:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.headers.get("Authorization") != EXPECTED:
            return HttpResponse(status=401)
        request.user = CALLER  # type: ignore[assignment]  # the library asks it for two properties
        return self.get_response(request)

"""The frame around every page of the console: whose domain it is, who looks, and the row of tabs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from securelogin.console import tabs
from securelogin.console.access import ManagerRequest
from securelogin.directory.guard import guard_of


def show(
    request: ManagerRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page that extends console/layout.html."""
    frame = {
        "domain": request.domain,
        "manager": request.manager,
        "guard": guard_of(request.domain),
        "tabs": tabs.shown(tabs.CONSOLE, request),
    }
    return render(request.http, template, {**frame, **(context or {})}, status=status)

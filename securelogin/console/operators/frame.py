"""The frame around every operators' page: who looks, and the row of tabs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from securelogin.console import tabs
from securelogin.console.operators.access import OperatorRequest

TABS = (
    ("domains", _("Domains")),
    ("applications", _("Applications")),
    ("log", _("Logbook")),
    ("health", _("Health")),
)


def show(
    request: OperatorRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page that extends console/operator/layout.html."""
    pages = [(title, reverse(f"operator:{route}")) for route, title in TABS]
    frame = {"operator": request.user, "tabs": tabs.marked(request.http.path, pages)}
    return render(request.http, template, {**frame, **(context or {})}, status=status)

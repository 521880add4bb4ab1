"""Figures for Prometheus: how many SCIM requests, how they ended, how long they took. For whoever holds METRICS_TOKEN.

With several worker processes PROMETHEUS_MULTIPROC_DIR names an empty directory in which they add up.
"""

import os
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest, multiprocess

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

SCIM_SECONDS = Histogram(
    "securelogin_scim_request_seconds",
    "How long SCIM requests took, by method, route and status.",
    ["method", "route", "status"],
    buckets=_SECONDS,
)


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count one SCIM request; `route` is the name of an address, so that the series stay few."""
    known = method if method in _METHODS else "other"
    SCIM_SECONDS.labels(known, route, str(status)).observe(seconds)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures of all workers. Without the token, or with none configured, there is no such page."""
    offered = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not compare_digest(offered, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's own
    return registry

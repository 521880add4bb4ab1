"""The provisioning log: what changed, what was asked and what was refused; and each line of it taken apart."""

from collections.abc import Iterator
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scim.cycles import recent
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.provisioning.causes import causes_of
from securelogin.console.provisioning.explanations import explain
from securelogin.console.provisioning.filters import LogForm
from securelogin.console.provisioning.inspection import inspect
from securelogin.console.provisioning.lines import page_of
from securelogin.directory.ids import parse_id
from securelogin.directory.permissions import Permission
from securelogin.logbook.models import Entry

# An export ends here, some 5 MB; `before` goes on behind its last line.
LONGEST_EXPORT = 10_000
_BATCH = 500
_EXPORTED = (
    "id", "at", "actor_label", "connection_id", "method", "path", "query", "status", "milliseconds", "outcome",
    "subject_type", "subject_id", "subject_label", "error_id", "detail", "warnings",
)  # fmt: skip


@require_safe
@manages(Permission.VIEW_LOG)
def log(request: ManagerRequest) -> HttpResponse:
    """Lines as sentences, newest first, between the cycles that they belong to."""
    asked = request.http.GET
    form = LogForm(request.domain, asked)
    recent(request.domain.pk)  # counts what is new, so that the newest lines have their cycle
    page = page_of(request.domain, form.rows(), asked.get("before", ""), asked.get("after", ""))
    context = {"form": form, "page": page, "causes": causes_of(request.domain), "log_days": settings.LOGBOOK_DAYS}
    return show(request, "console/log.html", context)


@require_safe
@manages(Permission.VIEW_LOG)
def entry(request: ManagerRequest, entry_id: UUID) -> HttpResponse:
    """One line: summary, change, request, response, authentication, and why it failed and how to fix it."""
    inspection = inspect(request.domain, entry_id)
    if inspection is None:
        raise Http404
    explanation = explain(inspection.entry.error_id) if inspection.line.is_failure else None
    return show(request, "console/log_entry.html", {"inspection": inspection, "explanation": explanation})


@require_safe
@manages(Permission.VIEW_LOG)
def export(request: ManagerRequest) -> StreamingHttpResponse:
    """The lines that the filters leave, newest first and from `before` on, an object of JSON a line (NDJSON)."""
    rows = LogForm(request.domain, request.http.GET).rows()
    if start := parse_id(request.http.GET.get("before", "")):
        rows = rows.filter(id__lt=start)
    answer = StreamingHttpResponse(_parts(rows), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{request.domain.name}-{timezone.now():%Y-%m-%d}.ndjson"'
    return answer


def _parts(rows: QuerySet[Entry]) -> Iterator[bytes]:
    """Yield an export a batch at a time, each from behind the last line of the one before."""
    left, batch = LONGEST_EXPORT, rows
    while left and (lines := list(batch.order_by("-id").values(*_EXPORTED)[: min(left, _BATCH)])):
        yield b"".join(orjson.dumps(line) + b"\n" for line in lines)
        left, batch = left - len(lines), rows.filter(id__lt=lines[-1]["id"])

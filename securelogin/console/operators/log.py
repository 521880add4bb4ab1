"""The operators' own logbook: what they and housekeeping did, and what was refused and is no domain's business."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from securelogin.console import tabs
from securelogin.console.finding import Search
from securelogin.console.keyset import PER_PAGE, Key, Part, part_by
from securelogin.console.operators.access import OperatorRequest, operates
from securelogin.console.operators.frame import show
from securelogin.console.provisioning.sentences import sentence
from securelogin.directory.ids import parse_id
from securelogin.logbook.asking import FAILED
from securelogin.logbook.models import Entry
from securelogin.logbook.upkeep import STRANGERS_DAYS

VIEWS = (("log", _("What was done")), ("log_refused", _("What was refused")))
# Strangers write as many lines as they like. Of more than these no index knows which of them hold a word.
MOST_SEARCHED = 10_000
# Queries of strangers are left out here as on the page: a filter may name somebody of a domain.
_SEARCHED = ("actor_label", "subject_label", "path", "detail", "error_id", "told")


@require_safe
@operates
def done(request: OperatorRequest) -> HttpResponse:
    """What operators and housekeeping did."""
    rows = Entry.objects.filter(domain_id=request.domain.pk)
    return _shown(request, rows, "console/operator/log.html", settings.LOGBOOK_DAYS)


@require_safe
@operates
def refused(request: OperatorRequest) -> HttpResponse:
    """What was refused to somebody of whom no domain is known: calls without a valid token, sign-ins of operators."""
    rows = Entry.objects.filter(FAILED, domain_id=None)
    return _shown(request, rows, "console/operator/log_refused.html", STRANGERS_DAYS)


def _shown(request: OperatorRequest, rows: QuerySet[Entry], template: str, days: int) -> HttpResponse:
    search = Search(request.http.GET)
    part = _part_of(_found(rows, search), request.http.GET)
    context = {
        "kinds": tabs.marked(request.http.path, [(title, reverse(f"operator:{route}")) for route, title in VIEWS]),
        "search": search,
        "part": part,
        "lines": [(line, sentence(line, line.subject_label)) for line in part.rows],
        "most": MOST_SEARCHED,
        "log_days": days,
    }
    return show(request, template, context)


def _found(rows: QuerySet[Entry], search: Search) -> QuerySet[Entry]:
    """Return the line of this id, or those among the latest that hold these words; all where nothing is asked for."""
    if not search.is_valid():
        return rows.none()
    if not search.words:
        return rows
    if line := parse_id(search.words):
        return rows.filter(pk=line)
    last = _sorted(rows).values_list("pk", flat=True)[MOST_SEARCHED : MOST_SEARCHED + 1].first()
    recent = rows if last is None else rows.filter(id__gt=last)
    wanted = Q()
    for column in _SEARCHED:
        wanted |= Q(**{f"{column}__icontains": search.words})
    return recent.alias(told=Cast("warnings", TextField())).filter(wanted)


def _part_of(rows: QuerySet[Entry], query: QueryDict) -> Part[Entry]:
    def fetch(key: Key | None, *, backwards: bool) -> list[Entry]:
        beyond: Any = {} if key is None else {f"id__{'gt' if backwards else 'lt'}": key[0]}
        return list(_sorted(rows.filter(**beyond), oldest_first=backwards)[: PER_PAGE + 1])

    return part_by(fetch, lambda line: (line.pk,), query, [UUID])


def _sorted(rows: QuerySet[Entry], *, oldest_first: bool = False) -> QuerySet[Entry]:
    # All are of one domain, or of none; but for those of none PostgreSQL would sort, or walk, by the id alone.
    return rows.order_by("domain_id", "id") if oldest_first else rows.order_by("-domain_id", "-id")

"""What fails, grouped by its cause: how often lately, why, and how to fix it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from securelogin.console.provisioning.explanations import Explanation, explain
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Domain
from securelogin.logbook.asking import FAILED
from securelogin.logbook.models import Entry

# Of a flood of failures the latest tell enough, and counting stays quick.
MOST = 5_000
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cause:
    """Failures of one kind; `is_more` when there are so many that not all were counted."""

    error_id: str
    count: int
    last: datetime
    is_more: bool

    @property
    def explanation(self) -> Explanation:
        return explain(self.error_id)


def causes_of(domain: Domain, span: timedelta = LATELY) -> list[Cause]:
    """Return what went wrong lately, most frequent first."""
    since = earliest_id(timezone.now() - span)
    latest = Entry.objects.filter(FAILED, domain_id=domain.pk, id__gte=since).order_by("-id")
    rows = Entry.objects.filter(pk__in=latest.values("pk")[:MOST]).order_by()
    counted = list(rows.values("error_id").annotate(count=Count("*"), last=Max("at")))
    is_full = sum(each["count"] for each in counted) >= MOST
    causes = [Cause(each["error_id"], each["count"], each["last"], is_full) for each in counted if each["error_id"]]
    return sorted(causes, key=lambda cause: (-cause.count, cause.error_id))

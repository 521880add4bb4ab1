"""The list of domains: a page at a time, from one name on, at a constant cost however many there are of anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from oauth.keys import valid_keys
from oauth.models import ApplicationSecret, Connection
from securelogin.directory import dialect as dialects
from securelogin.directory.directory import USERS
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Counter, Domain

PER_PAGE = 50
MOST_COUNTED = 1000

# By hand: of a domain in which everything fails, no more is counted than is shown.
_FAILURES = """
SELECT d.id, (
    SELECT count(*) FROM (
        SELECT 1 FROM logbook_entry e WHERE e.domain_id = d.id AND e.status >= 400 AND e.id >= %s LIMIT %s
    ) failed
) FROM directory_domain d WHERE
"""

Told = dict[UUID, Any]


@dataclass(frozen=True, slots=True)
class ShownDomain:
    """A domain with what is said beside its own columns."""

    row: Domain
    people: int
    last_used: datetime | None
    failures: int
    expires: datetime | None

    @property
    def has_more_failures(self) -> bool:
        return self.failures > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class DomainPage:
    domains: list[ShownDomain]
    following: str  # the name after which the next page begins; empty on the last


def tenants(search: str = "") -> Any:
    """Return the domains whose name begins so, or whose display name holds it, by name."""
    rows = Domain.objects.filter(kind=Domain.Kind.TENANT).order_by("name")
    if not search:
        return rows
    return rows.filter(Q(name__startswith=search.lower()) | Q(display_name__icontains=search))


def page_after(name: str, search: str) -> DomainPage:
    """Return the page of domains whose names come after this one."""
    rows = list(tenants(search).filter(name__gt=name)[: PER_PAGE + 1])
    page = rows[:PER_PAGE]
    return DomainPage(with_figures(page), page[-1].name if len(rows) > PER_PAGE else "")


def with_figures(page: list[Domain]) -> list[ShownDomain]:
    """Add the figures of all domains of a page in five statements."""
    ids = [row.pk for row in page]
    people, used, failed = _people(ids), _last_used(ids), _failures(ids)
    expiring = _expiries(ids)
    return [
        ShownDomain(row, people.get(row.pk, 0), used.get(row.pk), failed.get(row.pk, 0), expiring.get(row.pk))
        for row in page
    ]


def _people(ids: list[UUID]) -> Told:
    counters = Counter.objects.filter(domain__in=ids, counted=USERS.name).values("domain_id")
    return dict(counters.annotate(total=Sum("value")).values_list("domain_id", "total"))


def _last_used(ids: list[UUID]) -> Told:
    rows = Connection.objects.filter(domain__in=ids).values("domain_id")
    return dict(rows.annotate(last=Max("last_used")).values_list("domain_id", "last"))


def _failures(ids: list[UUID]) -> Told:
    if not ids:
        return {}
    dialect = dialects.current()
    since = earliest_id(timezone.now() - timedelta(days=1))
    parameters = (dialect.id(since), MOST_COUNTED + 1, dialect.ids([str(each) for each in ids]))
    with connection.cursor() as cursor:
        cursor.execute(_FAILURES + dialect.any_of("d.id"), parameters)
        return {UUID(str(each)): count for each, count in cursor.fetchall()}


def _expiries(ids: list[UUID]) -> Told:
    """Return when the first valid key or client secret of each domain will be over."""
    keys = valid_keys().filter(connection__domain__in=ids, not_after__isnull=False).values("connection__domain_id")
    own = Q(application__connections__kind=Connection.Kind.CLIENT, application__connections__domain__in=ids)
    live = own & ~Q(application__connections__state=Connection.State.REVOKED)
    secrets = ApplicationSecret.objects.filter(live, not_after__gt=timezone.now())
    soonest = secrets.values("application__connections__domain_id").annotate(first=Min("not_after"))
    told: Told = dict(soonest.values_list("application__connections__domain_id", "first"))
    for domain, first in keys.annotate(first=Min("not_after")).values_list("connection__domain_id", "first"):
        told[domain] = min(first, told.get(domain, first))
    return told

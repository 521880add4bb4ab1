"""The deletion guard: counts what provisioning disables and deletes, and holds what is too much for a manager to judge.

The count, the limits and the decision stand in one row, and one statement compares and counts in the transaction of the
removal: nobody slips through between the two, and a write that removes nothing does not come here.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from securelogin.directory import dialect as dialects
from securelogin.directory.credential import Tenant
from securelogin.directory.dialect import Demand, Statement
from securelogin.directory.errors import HeldError
from securelogin.directory.held import Guard, Held
from securelogin.directory.models import Domain
from securelogin.directory.statements import GROUPS, USERS, Row, Table, insert

# A share of few is nothing: the third leaver of a company of twenty is no accident.
ALWAYS = 10
# Entra begins its next cycle within forty minutes, and within a day while its job is in quarantine.
RELEASED_FOR = timedelta(days=1)
# By then, whoever still wants to remove something has come again.
OVER_AFTER = timedelta(days=2)
BETWEEN_MAILS = timedelta(days=1)

_COLUMNS = {USERS.name: "users", GROUPS.name: "groups"}
# The numbers that make sense in Thresholds, by name.
RANGES = {"most": (1, 1_000_000), "percent": (1, 100), "minutes": (1, 1440), "newcomer_hours": (0, 720)}
_IS_OVER = "excluded.since - g.since >= g.minutes * 60"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many users, or groups, may go within so many minutes: this number or this share, whichever is less. Who has
    not been here for so many hours does not count: she comes back as easily as she came.
    """

    is_on: bool = True
    most: int = 500
    percent: int = 10
    minutes: int = 60
    newcomer_hours: int = 24


def guard_of(domain: Domain) -> Guard:
    """Return the domain's guard. Until something is removed or set it is no row, and has the defaults."""
    return getattr(domain, "guard", None) or Guard(domain=domain)


def thresholds_of(guard: Guard) -> Thresholds:
    return Thresholds(**{each.name: getattr(guard, each.name) for each in fields(Thresholds)})


def limit(guard: Guard, total: int) -> int:
    """Return how many of `total` may go within the window."""
    return min(guard.most, max(ALWAYS, -(-guard.percent * total // 100)))


# Counting, in the transaction of the removal


def demand(tenant: Tenant, table: Table, row: Row, now: datetime) -> Demand:
    """Return what the removal of a row has to meet. Its refusal is a HeldError, for `hold`."""
    return Demand(_count(tenant, table, row, now), HeldError(table.name, row["id"], row[table.label]))


def _count(tenant: Tenant, table: Table, row: Row, now: datetime) -> Statement:
    """Count one removal more, where the limits allow it or nobody minds; the first of all makes the row."""
    dialect = dialects.current()
    domain, age = dialect.id(tenant.id), int((now - dialect.read_moment(row["created"])).total_seconds())
    mine, other = ("users", "groups") if table is USERS else ("groups", "users")
    is_newcomer = "%s < g.newcomer_hours * 3600"
    total = "(SELECT coalesce(sum(value), 0) FROM directory_counter WHERE domain_id = %s AND counted = %s)"
    sql = (
        f"INSERT INTO directory_guard AS g (domain_id, since, {mine}) VALUES (%s, %s, %s)"
        " ON CONFLICT (domain_id) DO UPDATE SET"
        f" since = CASE WHEN {_IS_OVER} THEN excluded.since ELSE g.since END,"
        f" {mine} = {_so_far(mine)} + CASE WHEN {is_newcomer} THEN 0 ELSE 1 END, {other} = {_so_far(other)}"
        f" WHERE NOT g.is_on OR g.released_until > %s OR {is_newcomer} OR (g.state NOT IN ('held', 'rejected')"
        f" AND {_so_far(mine)} < g.most"
        f" AND ({_so_far(mine)} < {ALWAYS} OR {_so_far(mine)} * 100 < g.percent * {total}))"
    )
    first = int(age >= Guard(domain_id=tenant.id).newcomer_hours * 3600)
    return Statement(sql, (domain, int(now.timestamp()), first, age, dialect.moment(now), age, domain, table.name))


def _so_far(column: str) -> str:
    return f"CASE WHEN {_IS_OVER} THEN 0 ELSE g.{column} END"


# Holding, after the transaction that was refused


def hold(tenant: Tenant, held: HeldError) -> bool:
    """Note what has been refused. Tells whether the managers should hear of it: when it begins, and once a day."""
    now, guards = timezone.now(), Guard.objects.filter(domain_id=tenant.id)
    with transaction.atomic():
        if _watching(guards, now).update(**_moved(Guard.State.HELD, "", now), held_users=0, held_groups=0):
            Held.objects.filter(domain_id=tenant.id).delete()
        holding = guards.filter(state__in=Guard.HOLDING)
        column = f"held_{_COLUMNS[held.subject_type]}"
        if not holding.update(last_held=now, **{column: F(column) + _noted(tenant, held, now)}):
            return False  # somebody has released it meanwhile
        return bool(holding.exclude(mailed__gt=now - BETWEEN_MAILS).update(mailed=now))


def _watching(guards: QuerySet[Guard], now: datetime) -> QuerySet[Guard]:
    return guards.exclude(state__in=Guard.HOLDING).exclude(released_until__gt=now)


def _noted(tenant: Tenant, held: HeldError, now: datetime) -> int:
    """Return 1 for who was not among the held ones yet, 0 for who was: Entra comes again and again."""
    values = {"domain_id": tenant.id, "subject_id": held.subject_id, "subject_type": held.subject_type, "at": now}
    statement = insert("directory_held", values, dialects.current())
    with connection.cursor() as cursor:
        cursor.execute(f"{statement.sql} ON CONFLICT DO NOTHING", statement.parameters)
        return int(cursor.rowcount == 1)


# Deciding


def release(domain: Domain, by: str) -> bool:
    """Let everything through for a day, what was held above all. Tells whether there was something to decide."""
    return _decided(domain, Guard.HOLDING, Guard.State.RELEASED, by)


def reject(domain: Domain, by: str) -> bool:
    """Go on holding, since nobody wanted these removals; what is wrong must be put right in Entra."""
    return _decided(domain, (Guard.State.HELD,), Guard.State.REJECTED, by)


def watch(domain: Domain, by: str) -> bool:
    """End what is held, rejected or released, and begin to count anew."""
    return _decided(domain, (*Guard.HOLDING, Guard.State.RELEASED), Guard.State.WATCHING, by)


def end_forgotten() -> int:
    """Watch again where nothing has been held for two days: else somebody who leaves later would stay. For
    housekeeping; returns how many there were.
    """
    stale = Guard.objects.filter(state__in=Guard.HOLDING, last_held__lt=timezone.now() - OVER_AFTER)
    return sum(watch(guard.domain, "") for guard in stale.select_related("domain"))


def set_thresholds(domain: Domain, thresholds: Thresholds) -> None:
    """Set what may go, and begin to count anew. Switching the guard off ends what it holds."""
    Guard.objects.update_or_create(domain=domain, defaults={**asdict(thresholds), "since": 0})
    if not thresholds.is_on:
        watch(domain, "")


def _decided(domain: Domain, since: tuple[str, ...], state: str, by: str) -> bool:
    now = timezone.now()
    with transaction.atomic():
        moved = Guard.objects.filter(domain=domain, state__in=since).update(**_moved(state, by, now), since=0)
        if moved and state != Guard.State.REJECTED:
            Held.objects.filter(domain=domain).delete()
    return bool(moved)


def _moved(state: str, by: str, now: datetime) -> dict[str, Any]:
    until = now + RELEASED_FOR if state == Guard.State.RELEASED else None
    return {"state": state, "state_since": now, "state_by_name": by, "released_until": until, "mailed": None}

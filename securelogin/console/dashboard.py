"""Home: how a domain is, in one sentence; what wants attention, what is still to be set up, and what changed lately."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oauth.authorship import Authorship
from oauth.models import Connection
from scim.health import QUARANTINE_FROM, Forecast, Health, has_synced
from securelogin.console.connections import AUTHORS, ShownConnection, shown_of
from securelogin.console.provisioning.causes import Cause
from securelogin.console.provisioning.filters import REQUESTS
from securelogin.console.provisioning.unsettled import MEMBERS, Unsettled
from securelogin.directory.guard import guard_of
from securelogin.directory.held import Guard
from securelogin.directory.models import Domain, Group, User
from securelogin.directory.statements import GROUPS
from securelogin.logbook.models import Cycle

DAYS = 14
_SOON = timedelta(days=30)
_SERIES = ("created", "changed", "disabled", "removed")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of setting up, which ticks itself."""

    title: str
    is_done: bool
    address: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that wants looking at, and where; `is_bad` when it stops Entra."""

    sentence: str
    address: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What changed on a day; `height` and `top` place its bar in a chart that is a hundred high."""

    day: date
    created: int
    changed: int
    disabled: int
    removed: int
    height: int
    left: int

    @property
    def total(self) -> int:
        return self.created + self.changed + self.disabled + self.removed

    @property
    def top(self) -> int:
        return 100 - self.height


def connections_of(domain: Domain) -> list[ShownConnection]:
    """Return the connections that are not over."""
    rows = shown_of(domain).exclude(state=Connection.State.REVOKED)[:100]
    return [ShownConnection(row) for row in rows]


def truth(health: Health) -> str:
    """Return the one sentence: when Entra last spoke, what came of it, and when it is due again."""
    last = health.last
    if last is None:
        return _("Entra has not called yet.")
    if health.is_running:
        return _("Entra is syncing now: %(calls)s, %(changes)s, %(failed)s.") % _sums(last)
    said = {"ago": _ago(health.now - last.ended), **_sums(last)}
    sentence = _("Entra last synced %(ago)s ago: %(changes)s, %(failed)s.") % said
    if health.is_stale or health.next_expected is None or health.next_expected < health.now:
        return sentence
    expected = _("Next expected about %(time)s UTC.") % {"time": f"{health.next_expected:%H:%M}"}
    return f"{sentence} {expected}"


def _sums(cycle: Cycle) -> dict[str, str]:
    changes = cycle.created + cycle.changed + cycle.disabled + cycle.removed
    return {
        "calls": ngettext("%(count)d call", "%(count)d calls", cycle.calls) % {"count": cycle.calls},
        "changes": ngettext("%(count)d updated", "%(count)d updated", changes) % {"count": changes},
        "failed": ngettext("%(count)d failed", "%(count)d failed", cycle.failed) % {"count": cycle.failed},
    }


def _ago(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}


def steps(domain: Domain, connections: Sequence[ShownConnection], health: Health) -> list[Step]:
    """Return what there is to set up; nothing once Entra has brought people and come to the end of a cycle."""
    pages = ("connection", "users", "groups", "log")
    connection, users, groups, log = (reverse(f"console:{page}", args=[domain.name]) for page in pages)
    provisioned = User.objects.filter(domain=domain, manager=None).exists()
    synced = has_synced(health.cycles, health.now)
    if connections and provisioned and synced:
        return []
    return [
        Step(_("Connect the domain"), bool(connections), connection),
        Step(_("Press Test Connection in Entra"), bool(health.cycles), connection),
        Step(_("The first user arrives"), provisioned, users),
        Step(_("The first group arrives, if groups are mapped"), Group.objects.filter(domain=domain).exists(), groups),
        Step(_("The first cycle comes to its end"), synced, log),
    ]


_FORECASTS: dict[Forecast, Promise] = {
    Forecast.REFUSED: gettext_lazy(
        "Entra's credential is refused. Entra quarantines the job for that, and stops it after four weeks."
    ),
    Forecast.DUE: gettext_lazy(
        "%(failed)d failed in the last cycle, %(share)d %% of what Entra tried: that is enough for quarantine."
    ),
    Forecast.NEAR: gettext_lazy(
        "%(failed)d failed in the last cycle, %(share)d %% of what Entra tried. From %(limit)d on, more than 40 %% "
        "lead to quarantine."
    ),
}


def _lately(count: int) -> str:
    return ngettext("Once in the last 24 hours.", "%(count)d times in the last 24 hours.", count) % {"count": count}


def attention(
    domain: Domain,
    connections: Sequence[ShownConnection],
    health: Health,
    causes: Sequence[Cause],
    unsettled: Sequence[Unsettled],
) -> list[Attention]:
    """Return what wants looking at, what stops Entra first."""
    log = reverse("console:log", args=[domain.name])
    found = [*_of_syncs(connections, health, log), *_of_guard(domain), *_of_connections(domain, connections)]
    found += [
        Attention(
            f"{cause.explanation.why} {_lately(cause.count)}",
            f"{log}?cause={cause.error_id}",
        )
        for cause in causes[:5]
    ]
    found += [_of_unsettled(each, log) for each in unsettled[:5]]
    return sorted(found, key=lambda each: not each.is_bad)


def _of_syncs(connections: Sequence[ShownConnection], health: Health, log: str) -> Iterator[Attention]:
    """What is wrong with the sync; where several connections sync, of each with its name."""
    names = {shown.row.pk: shown.row.name for shown in connections}
    apart = health.apart(names)
    if len(apart) < 2:
        yield from _of_sync(health, log, "")
        return
    for pk, own in apart.items():
        for each in _of_sync(own, log, f"&who={pk}"):
            yield replace(each, sentence=f"{names[pk]}: {each.sentence}")


def _of_sync(health: Health, log: str, whose: str) -> Iterator[Attention]:
    if health.is_stale:
        sentence = _("Entra has been silent for more than three of its usual intervals. Look in Entra whether it runs.")
        yield Attention(sentence, f"{log}?view=requests{whose}", is_bad=True)
    said = _FORECASTS.get(health.forecast)
    if said is not None and health.last is not None:
        share = round(health.failure_share * 100)
        figures = {"failed": health.last.failed, "share": share, "limit": QUARANTINE_FROM}
        yield Attention(str(said) % figures, f"{log}?result=failed{whose}", is_bad=health.forecast is not Forecast.NEAR)


def _of_guard(domain: Domain) -> Iterator[Attention]:
    guard = guard_of(domain)
    if guard.is_holding:
        sentence = _(
            "The deletion guard holds removals (users %(users)s, groups %(groups)s): nothing has happened to them."
        )
        is_undecided = guard.state == Guard.State.HELD
        said = {"users": guard.held_users, "groups": guard.held_groups}
        yield Attention(sentence % said, reverse("console:guard", args=[domain.name]), is_bad=is_undecided)


def _of_unsettled(each: Unsettled, log: str) -> Attention:
    """Say what does not settle, and lead to the lines of one of those whom it is about."""
    sentence = _ignored(each) if each.is_ignored else _swinging(each) if each.said == MEMBERS else _reset(each)
    asked = {"whom": each.example, "period": "day"} | ({"view": REQUESTS} if each.is_ignored else {})
    return Attention(sentence % {"name": each.said, "count": each.total}, f"{log}?{urlencode(asked)}")


def _reset(each: Unsettled) -> str:
    if each.subject_type == GROUPS.name:
        return ngettext(
            "Entra sets %(name)s back and forth, cycle after cycle, for %(count)d group: two sources disagree, or the "
            "mapping writes what it cannot read back. Check its mapping.",
            "Entra sets %(name)s back and forth, cycle after cycle, for %(count)d groups: two sources disagree, or the "
            "mapping writes what it cannot read back. Check its mapping.",
            each.total,
        )
    return ngettext(
        "Entra sets %(name)s back and forth, cycle after cycle, for %(count)d person: two sources disagree, or the "
        "mapping writes what it cannot read back. Check its mapping.",
        "Entra sets %(name)s back and forth, cycle after cycle, for %(count)d people: two sources disagree, or the "
        "mapping writes what it cannot read back. Check its mapping.",
        each.total,
    )


def _swinging(each: Unsettled) -> str:
    return ngettext(
        "Entra adds and removes the same members, cycle after cycle, in %(count)d group: two sources disagree about "
        "who belongs to it. Check in Entra what fills it, and whether another connection provisions it too.",
        "Entra adds and removes the same members, cycle after cycle, in %(count)d groups: two sources disagree about "
        "who belongs to them. Check in Entra what fills them, and whether another connection provisions them too.",
        each.total,
    )


def _ignored(each: Unsettled) -> str:
    if each.subject_type == GROUPS.name:
        return ngettext(
            "Entra sends it again, cycle after cycle, for %(count)d group: %(name)s",
            "Entra sends it again, cycle after cycle, for %(count)d groups: %(name)s",
            each.total,
        )
    return ngettext(
        "Entra sends it again, cycle after cycle, for %(count)d person: %(name)s",
        "Entra sends it again, cycle after cycle, for %(count)d people: %(name)s",
        each.total,
    )


def _of_connections(domain: Domain, connections: Sequence[ShownConnection]) -> Iterator[Attention]:
    soon = timezone.now() + _SOON
    for shown in connections:
        said, ends = {"name": shown.row.name}, shown.expires
        address = reverse("console:connection_detail", args=[domain.name, shown.row.pk])
        if shown.is_spent:
            yield Attention(_("Nothing valid is left of %(name)s.") % said, address, is_bad=True)
        elif (old := shown.left_behind) is not None and old < soon:
            yield Attention(f"{_still_used(shown.row.name)} {_expires(old)}", address, is_bad=True)
        elif ends is not None and ends < soon:
            yield Attention(_("%(name)s: %(expiry)s") % {**said, "expiry": _expires(ends)}, address)
        if shown.row.state == Connection.State.PAUSED:
            yield Attention(_("%(name)s is paused.") % said, address)
        if shown.row.authorship in {Authorship.DISABLED, Authorship.DELETED}:
            author = f"{shown.row.authorized_by_name}. {AUTHORS[shown.row.authorship]}"
            yield Attention(_("%(name)s was made by %(author)s") % {**said, "author": author}, address)


def _still_used(name: str) -> str:
    return _(
        "The key or secret of %(name)s has been replaced, but Entra still uses the old one. Enter the new one in Entra."
    ) % {"name": name}


def _expires(ends: datetime) -> str:
    days = max(0, (ends - timezone.now()).days)
    return ngettext("Expires in %(count)d day", "Expires in %(count)d days", days) % {"count": days}


def days(domain: Domain, today: date) -> list[Day]:
    """Return the last fortnight, from the sums of its cycles, oldest first."""
    since = today - timedelta(days=DAYS - 1)
    sums = {since + timedelta(days=number): dict.fromkeys(_SERIES, 0) for number in range(DAYS)}
    rows = Cycle.objects.filter(domain_id=domain.pk, began__date__gte=since)
    for began, *counts in rows.values_list("began", *_SERIES):
        for name, count in zip(_SERIES, counts, strict=True):
            if began.date() in sums:
                sums[began.date()][name] += count
    most = max((sum(counts.values()) for counts in sums.values()), default=0) or 1
    return [
        Day(day=day, height=round(sum(counts.values()) * 100 / most), left=number * 20 + 3, **counts)
        for number, (day, counts) in enumerate(sums.items())
    ]

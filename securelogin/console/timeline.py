"""The timeline of a user or a group: every change of it, and each that touched it, newest first, from the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scim.resources.catalogue import GROUP_RESOURCE, USER_RESOURCE
from securelogin.console.facts import Difference, differences
from securelogin.console.keyset import PER_PAGE, Key, Part, part_by
from securelogin.directory.ids import parse_id
from securelogin.directory.models import Change, Domain, Group, Mention, User
from securelogin.directory.statements import GROUPS, USERS

_NAMED = 10  # members that a line names; of more it says how many
_EPOCH = "session_epoch"
_VERBS = {
    "create": gettext_lazy("Created"),
    "delete": gettext_lazy("Deleted"),
    "restore": gettext_lazy("Restored from the trash"),
    "purge": gettext_lazy("Deleted from the trash, for good"),
}
_JOINED, _LEFT = gettext_lazy("Joined %(name)s"), gettext_lazy("Left %(name)s")
# What the end and the return of one side mean on the timeline of the other.
_BESIDE = {
    (USERS.name, "delete"): gettext_lazy("%(name)s left, being deleted"),
    (USERS.name, "restore"): gettext_lazy("%(name)s is back, being restored"),
    (GROUPS.name, "delete"): gettext_lazy("Left %(name)s, as that was deleted"),
    (GROUPS.name, "restore"): gettext_lazy("Back in %(name)s, as that was restored"),
}
_RESOURCES = {USERS.name: USER_RESOURCE, GROUPS.name: GROUP_RESOURCE}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that a change names, as it is called now or was called last."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who came, or who went: the first by name, and how many more."""

    named: list[Named]
    others: int


@dataclass(frozen=True, slots=True)
class Event:
    """A change as a timeline tells it."""

    change: Change
    sentence: str
    differences: list[Difference]
    joined: Crowd
    left: Crowd
    log_address: str


def timeline_of(domain: Domain, subject_id: UUID, query: QueryDict) -> Part[Event]:
    """Return a page of it; the cost does not depend on how long it is."""

    def fetch(key: Key | None, *, backwards: bool) -> list[Change]:
        return _changes(domain, subject_id, key, backwards=backwards)

    part = part_by(fetch, lambda change: (change.pk,), query, [parse_id])
    names = names_of(
        domain, {one for change in part.rows if change.subject_id == subject_id for one in _mentioned(change)}
    )
    events = [_event(domain, change, subject_id, names) for change in part.rows]
    return Part(events, part.before, part.after, part.is_first)


def latest_label(domain: Domain, subject_id: UUID, subject_type: str) -> str | None:
    """Return what somebody was called last, whether she is still there or not; None if this domain never had her."""
    told = Change.objects.filter(domain=domain, subject_id=subject_id, subject_type=subject_type).order_by("-id")
    return told.values_list("subject_label", flat=True).first()


def _changes(domain: Domain, subject_id: UUID, key: Key | None, *, backwards: bool) -> list[Change]:
    """Return a page's changes and one more. Two walks along two indexes, as each is in order by itself."""
    sign = "" if backwards else "-"
    beyond = "gt" if backwards else "lt"
    found: set[UUID] = set()
    own = Change.objects.filter(domain=domain, subject_id=subject_id)
    touching = Mention.objects.filter(domain=domain, subject_id=subject_id)
    for rows, column in ((own, "id"), (touching, "change_id")):
        narrowed = rows if key is None else rows.filter(**{f"{column}__{beyond}": key[0]})
        found.update(narrowed.order_by(f"{sign}{column}").values_list(column, flat=True)[: PER_PAGE + 1])
    chosen = sorted(found, reverse=not backwards)[: PER_PAGE + 1]
    return sorted(Change.objects.filter(pk__in=chosen), key=lambda change: change.pk, reverse=not backwards)


def _event(domain: Domain, change: Change, subject_id: UUID, names: Mapping[str, str]) -> Event:
    address = _log_address(domain, change)
    if change.subject_id != subject_id:
        return Event(change, _sentence_beside(change, str(subject_id)), [], Crowd([], 0), Crowd([], 0), address)
    return Event(
        change,
        _own_sentence(change),
        _differences(change),
        _crowd(change.after, names),
        _crowd(change.before, names),
        address,
    )


def _differences(change: Change) -> list[Difference]:
    before, after = ({key: side[key] for key in side if key != _EPOCH} for side in (change.before, change.after))
    return differences(_RESOURCES[change.subject_type], before, after)


def _own_sentence(change: Change) -> str:
    if change.verb != "update":
        return str(_VERBS[change.verb])
    if _EPOCH in change.after:
        return _("Sessions ended")
    if "active" in change.after:
        return _("Enabled") if change.after["active"] else _("Disabled")
    return _("Members changed") if set(change.after) == {GROUPS.related} else _("Changed")


def _sentence_beside(change: Change, one: str) -> str:
    """Say what a change of somebody else meant here: a group's change to its member, or a member's to its group."""
    sentence = _BESIDE.get((change.subject_type, change.verb))
    if sentence is None:
        sentence = _JOINED if one in change.after.get(GROUPS.related, ()) else _LEFT
    return str(sentence) % {"name": change.subject_label}


def _crowd(side: Mapping[str, Any], names: Mapping[str, str]) -> Crowd:
    ids = _members(side)
    return Crowd([Named(one, names.get(one, one)) for one in ids[:_NAMED]], max(0, len(ids) - _NAMED))


def _members(side: Mapping[str, Any]) -> list[str]:
    """Return whose memberships a side of a change holds: of a group its members, of a deleted user her groups."""
    related = side.get(GROUPS.related) or side.get(USERS.related) or []
    return [one for one in related if isinstance(one, str)]


def _mentioned(change: Change) -> Iterable[str]:
    for side in (change.before, change.after):
        yield from _members(side)[:_NAMED]


def names_of(domain: Domain, ids: set[str]) -> dict[str, str]:
    """Return what these are called now; or, where they are gone, what they were called when they were deleted."""
    groups = Group.objects.filter(domain=domain, pk__in=ids).values_list("pk", "display_name")
    people = User.objects.filter(domain=domain, pk__in=ids).values_list("pk", "display_name", "user_name")
    names = {str(one): label for one, label in groups}
    names |= {str(one): display or name for one, display, name in people}
    # Not of those who are there: a group may have changed a million times.
    gone = Change.objects.filter(domain=domain, subject_id__in=ids - names.keys(), verb="delete")
    # Put in order here: to read them so, SQLite would walk the whole journal.
    former = sorted(gone.values_list("pk", "subject_id", "subject_label"))
    return {str(one): label for _, one, label in former} | names


def _log_address(domain: Domain, change: Change) -> str:
    """Return where the provisioning log shows the request; nothing for a command, or when its line is old enough to be
    gone.
    """
    is_kept = change.at > timezone.now() - timedelta(days=settings.LOGBOOK_DAYS)
    return reverse("console:log_entry", args=[domain.name, change.request_id]) if change.request_id and is_kept else ""

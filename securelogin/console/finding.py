"""Finding people, groups and what was deleted: what the address of a list asks for, and the rows that it means.

Each search is a prefix, or the whole, of a key that has an index. Where that means few, they are looked up first; where
it means many, a page finds its fifty soon along the order of the list. A list of a hundred thousand is walked for
neither.
"""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Change, Domain, Group, Membership, Tombstone, User, UserLookup
from securelogin.directory.statements import USERS
from securelogin.directory.text import comparison_key

_LAST = "\U0010ffff"  # sorts behind whatever else may follow a prefix
_HOUR = 3600
_FEW = 1_000

_STATES = {"active": Q(active=True), "disabled": Q(active=False), "unassigned": Q(active=None)}
STATUSES = [
    ("", _("All")),
    ("active", _("Active")),
    ("disabled", _("Disabled")),
    ("unassigned", _("Not said")),
]
PERIODS = [
    ("", _("At any time")),
    (str(_HOUR), _("In the last hour")),
    (str(24 * _HOUR), _("In the last day")),
    (str(7 * 24 * _HOUR), _("In the last week")),
    (str(30 * 24 * _HOUR), _("In the last 30 days")),
]
KINDS = [("", _("All")), ("User", _("Users")), ("Group", _("Groups"))]


class Search(forms.Form):
    """What a list is searched for; of an address that makes no sense nothing is shown, and what is wrong is said."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__({**query.dict(), "q": query.get("q", "").replace("\x00", "")})
        self.is_searching = self.is_valid() and any(value for value in self.cleaned_data.values())

    @property
    def words(self) -> str:
        return str(self.cleaned_data["q"])


class PeopleSearch(Search):
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    changed = forms.ChoiceField(label=_("Changed"), choices=PERIODS, required=False)
    group = forms.UUIDField(required=False, widget=forms.HiddenInput)


class TrashSearch(Search):
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)


def people(domain: Domain, search: PeopleSearch) -> QuerySet[User]:
    """Return those who meet all that is asked; everybody where nothing is."""
    rows = User.objects.filter(domain=domain)
    if not search.is_valid():
        return rows.none()
    asked: dict[str, Any] = search.cleaned_data
    if asked["status"]:
        rows = rows.filter(_STATES[asked["status"]])
    if asked["group"]:
        rows = rows.filter(_in_group(domain, asked["group"]))
    if asked["changed"]:
        rows = rows.filter(_changed(domain, timedelta(seconds=int(asked["changed"]))))
    return rows.filter(_called(domain, search.words)) if search.words else rows


def groups(domain: Domain, search: Search) -> QuerySet[Group]:
    rows = Group.objects.filter(domain=domain)
    if not search.is_valid():
        return rows.none()
    if not search.words:
        return rows
    return rows.filter(begins("display_name_key", search.words) | Q(external_id=search.words))


def trash(domain: Domain, search: TrashSearch) -> QuerySet[Tombstone]:
    rows = Tombstone.objects.filter(domain=domain)
    if not search.is_valid():
        return rows.none()
    if search.cleaned_data["kind"]:
        rows = rows.filter(subject_type=search.cleaned_data["kind"])
    return rows.filter(begins("label_key", search.words)) if search.words else rows


def members(domain: Domain, group: Group, search: Search) -> QuerySet[Membership]:
    """Return the memberships of a group, each with its user, and of those alone who are called so."""
    rows: QuerySet[Membership] = Membership.objects.filter(domain=domain, group=group).select_related("user")
    if not search.is_valid():
        return rows.none()
    return rows.filter(_called(domain, search.words, "user")) if search.words else rows


def begins(column: str, words: str) -> Q:
    """Return the condition that a key begins with these words, as a range that an index can answer."""
    key = comparison_key(words)
    return Q(**{f"{column}__gte": key, f"{column}__lt": key + _LAST})


def _called(domain: Domain, words: str, whose: str = "") -> Q:
    """Return the condition on those whose name, userName or mail address begins so, or whose externalId is this.

    `whose` is what a row that is no person's calls hers.
    """
    mails = UserLookup.objects.filter(begins("key", words), domain=domain, attribute="emails")
    people = User.objects.filter(domain=domain)
    ids = [people.filter(condition).values_list("pk", flat=True) for condition in _names(words)]
    id_name, path = (f"{whose}_id", f"{whose}__") if whose else ("pk", "")
    few = _few(ids[0].union(*ids[1:], mails.values_list("user_id", flat=True), all=True))
    if few is not None:
        return Q(**{f"{id_name}__in": few})
    return reduce(or_, _names(words, path)) | Q(Exists(mails.filter(user_id=OuterRef(id_name))))


def _names(words: str, path: str = "") -> list[Q]:
    names = [begins(f"{path}{name}_key", words) for name in ("user_name", "display_name", "family_name")]
    return [*names, Q(**{f"{path}external_id": words})]


def _in_group(domain: Domain, group_id: UUID) -> Q:
    memberships = Membership.objects.filter(domain=domain, group=group_id)
    few = _few(memberships.values_list("user_id", flat=True))
    return Q(Exists(memberships.filter(user_id=OuterRef("pk")))) if few is None else Q(pk__in=few)


def _changed(domain: Domain, period: timedelta) -> Q:
    """Return the condition on those who were changed within the period, from the journal, whose ids go by time."""
    since = earliest_id(timezone.now() - period)
    changes = Change.objects.filter(domain=domain, id__gte=since)
    latest = changes.filter(subject_type=USERS.name).order_by("-id")
    few = _few(latest.values_list("subject_id", flat=True))
    return Q(Exists(changes.filter(subject_id=OuterRef("pk")))) if few is None else Q(pk__in=few)


def _few(ids: QuerySet[Any, Any]) -> set[UUID] | None:
    """Return the ids, or None if there are too many to look each of them up."""
    found = list(ids[: _FEW + 1])
    return set(found) if len(found) <= _FEW else None

"""What to see of the log: a form whose fields stand in the address, so that what is seen can be shared."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth.models import Connection
from securelogin.console.finding import begins
from securelogin.console.provisioning.explanations import EXPLANATIONS
from securelogin.console.provisioning.sentences import OUTCOMES
from securelogin.directory.ids import earliest_id, parse_id
from securelogin.directory.models import Change, Domain, Group, User
from securelogin.logbook.asking import FAILED, OF_NOTE, WITH_ERROR, WITH_OUTCOME
from securelogin.logbook.models import Entry

CHANGES, REQUESTS = "changes", "requests"
_DAY = timedelta(days=1)
PERIODS = {
    "day": (_("The last 24 hours"), _DAY),
    "week": (_("The last 7 days"), 7 * _DAY),
    "month": (_("The last 30 days"), 30 * _DAY),
}
# Whoever is meant by the beginning of a name: more than these would be no answer.
_MEANT = 50
# The latest removals, looked through for a name; and the latest changes of others that touched whoever is meant.
_REMOVALS, _TOUCHED = 5_000, 1_000
_CONNECTIONS = 200
_HERE = "here"


class LogForm(forms.Form):
    """Every field may be empty; one that cannot be understood is marked, and narrows nothing."""

    view = forms.ChoiceField(
        choices=[(CHANGES, _("Changes")), (REQUESTS, _("Requests"))], required=False, widget=forms.HiddenInput
    )
    cause = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Everything")), *OUTCOMES.items()], required=False)
    result = forms.ChoiceField(
        label=_("Result"), choices=[("", _("All")), ("done", _("Done")), ("failed", _("Failed"))], required=False
    )
    period = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("At any time")), *((name, title) for name, (title, _span) in PERIODS.items())],
        required=False,
    )
    whom = forms.CharField(
        label=_("User or group"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, domain: Domain, asked: Any) -> None:
        super().__init__(asked)
        self._domain = domain
        names = Connection.objects.filter(domain=domain).exclude(state=Connection.State.PENDING).order_by("name", "id")
        choices: Any = [(str(pk), name) for pk, name in names.values_list("pk", "name")[:_CONNECTIONS]]
        who: Any = self.fields["who"]
        who.choices = [("", _("Everybody")), *choices, (_HERE, _("Managers and the operator"))]
        self.is_valid()

    @property
    def shows_requests(self) -> bool:
        return self._given("view") == REQUESTS

    @property
    def is_narrowed(self) -> bool:
        return any(self._given(name) for name in ("cause", "who", "kind", "result", "period", "whom"))

    @property
    def why(self) -> Promise | str:
        """The cause that alone is shown, in words."""
        cause = self._given("cause")
        return EXPLANATIONS[cause].why if cause in EXPLANATIONS else cause

    def _given(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))

    def rows(self) -> QuerySet[Entry]:
        """Return the domain's lines that are asked for."""
        rows = Entry.objects.filter(domain_id=self._domain.pk)
        rows = rows if self.shows_requests else rows.filter(OF_NOTE)
        return self._narrowed(rows)

    def _narrowed(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        if kind := self._given("kind"):
            rows = rows.filter(WITH_OUTCOME, outcome=kind)
        if cause := self._given("cause"):
            rows = rows.filter(WITH_ERROR, error_id=cause)
        if result := self._given("result"):
            rows = rows.filter(FAILED) if result == "failed" else rows.filter(status__lt=400)
        if period := self._given("period"):
            rows = rows.filter(id__gte=earliest_id(timezone.now() - PERIODS[period][1]))
        if who := self._given("who"):
            rows = rows.filter(connection_id=None if who == _HERE else UUID(who))
        if whom := self._given("whom"):
            rows = rows.filter(_about(self._domain, meant(self._domain, whom)))
        return rows


def _about(domain: Domain, ids: list[UUID]) -> Q:
    """Return the condition on lines about one of these: as their subject, or as who joined or left it."""
    touching = Change.objects.filter(domain=domain, mentions__domain=domain, mentions__subject_id__in=ids)
    latest = touching.order_by("-mentions__change_id").values_list("request_id", flat=True)[:_TOUCHED]
    lines = {line for text in latest if (line := parse_id(text))}
    return Q(subject_id__isnull=False, subject_id__in=ids) | Q(pk__in=lines)


def meant(domain: Domain, text: str) -> list[UUID]:
    """Return the ids of those whose name begins so, and of those who had such a name when they were removed."""
    name = text.strip()
    people = User.objects.filter(begins("user_name_key", name) | begins("display_name_key", name), domain=domain)
    groups = Group.objects.filter(begins("display_name_key", name), domain=domain)
    removals = Entry.objects.filter(WITH_OUTCOME, domain_id=domain.pk, outcome="removed").order_by("-id")
    gone = Entry.objects.filter(pk__in=removals.values("pk")[:_REMOVALS], subject_label__istartswith=name)
    found: list[Any] = [*people.values_list("pk", flat=True)[:_MEANT], *groups.values_list("pk", flat=True)[:_MEANT]]
    return [*found, *gone.order_by("-id").values_list("subject_id", flat=True)[:_MEANT]]

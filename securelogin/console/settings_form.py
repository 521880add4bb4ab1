"""What a domain's settings may be: its name for people, the language of its mails, the thresholds of its guard."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from securelogin.console.access import ManagerRequest
from securelogin.directory.guard import RANGES, Thresholds, guard_of, set_thresholds, thresholds_of
from securelogin.directory.models import Domain

_LONGEST_NAME = Domain._meta.get_field("display_name").max_length  # noqa: SLF001  # a documented API of Django
_SWITCH = [("True", _("On")), ("False", _("Off"))]


def _number(name: str, label: Any, help_text: Any = "") -> forms.IntegerField:
    lowest, highest = RANGES[name]
    return forms.IntegerField(label=label, help_text=help_text, min_value=lowest, max_value=highest)


class SettingsForm(forms.Form):
    display_name = forms.CharField(
        label=_("Name"),
        max_length=_LONGEST_NAME,
        help_text=_("How the domain is called on its pages."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=_("Language of mails"), choices=settings.LANGUAGES, help_text=_("What all managers are written to in.")
    )
    is_on = forms.TypedChoiceField(
        label=_("Deletion guard"),
        choices=_SWITCH,
        coerce=lambda word: word == "True",
        help_text=_("Holds what Entra wants to disable or delete when it is too much at once, until you decide."),
    )
    most = _number("most", _("Users that may go"), _("Groups are counted by themselves, with the same number."))
    percent = _number(
        "percent",
        _("Or percent of all"),
        _("The smaller of the two numbers counts; the share is taken as ten at least."),
    )
    minutes = _number("minutes", _("Within minutes"))
    newcomer_hours = _number(
        "newcomer_hours",
        _("Hours until somebody new counts"),
        _("Who has been here for fewer hours can be removed without being counted, as in a test."),
    )

    def __init__(self, request: ManagerRequest) -> None:
        self._domain = request.domain
        row = request.domain
        thresholds = asdict(thresholds_of(guard_of(row)))
        thresholds["is_on"] = str(thresholds["is_on"])
        initial = {"display_name": row.display_name, "language": row.language, **thresholds}
        super().__init__(request.http.POST if request.http.method == "POST" else None, initial=initial)

    def save(self) -> None:
        """Write what differs; the count of the guard goes on unless its thresholds are new."""
        words = {name: self.cleaned_data[name] for name in ("display_name", "language")}
        Domain.objects.filter(pk=self._domain.pk).update(**words)
        thresholds = Thresholds(**{name: self.cleaned_data[name] for name in asdict(Thresholds())})
        if thresholds != thresholds_of(guard_of(self._domain)):
            set_thresholds(self._domain, thresholds)

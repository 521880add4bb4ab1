"""What the console asks of a manager. What the wings refuse, they refuse in sentences; here these find their field."""

from datetime import timedelta
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oauth.applications import ClientTerms
from oauth.connections import LONGEST_NAME, BadTermsError
from oauth.keys import KeyTerms
from oauth.models import FederationTrust
from oauth.trusts import TrustTerms
from securelogin.console import once
from securelogin.console.access import ManagerRequest
from securelogin.directory.models import User
from securelogin.signin import sudo

_DAY = 86_400

SCOPES = [("scim", _("Read and change users and groups")), ("scim:read", _("Read only"))]
KEY_LIFETIMES = [
    ("", _("It does not expire")),
    (30 * _DAY, _("30 days")),
    (90 * _DAY, _("90 days")),
    (365 * _DAY, _("1 year")),
    (730 * _DAY, _("2 years")),
]
OVERLAPS = [(3600, _("1 hour")), (_DAY, _("1 day")), (7 * _DAY, _("7 days")), (30 * _DAY, _("30 days"))]
SECRET_LIFETIMES = [(365 * _DAY, _("1 year")), (730 * _DAY, _("2 years")), (1095 * _DAY, _("3 years"))]
TOKEN_LIFETIMES = [
    (3600, _("1 hour")),
    (2 * 3600, _("2 hours")),
    (3 * 3600, _("3 hours")),
    (4 * 3600, _("4 hours")),
    (5 * 3600, _("5 hours")),
    (6 * 3600, _("6 hours")),
]


class DurationChoice(forms.TypedChoiceField):
    """A choice among durations in seconds; empty stands for none."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(
            choices=choices, coerce=lambda seconds: timedelta(seconds=int(seconds)), empty_value=None, **options
        )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("For you and your colleagues, as in: Entra production."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _scope() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("May"), choices=SCOPES, initial="scim")


class Asking(Protocol):
    """A request of somebody who is signed in: a manager's or an operator's."""

    @property
    def http(self) -> HttpRequest: ...
    @property
    def user(self) -> User: ...


class GuardedForm(forms.Form):
    """A form that asks for the password again, unless that was given in the last ten minutes, and that counts once."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=40)
    is_always_asked = False

    def __init__(self, request: Asking) -> None:
        self._request = request.http
        self._user = request.user
        super().__init__(self._request.POST if self._request.method == "POST" else None)
        if not self.is_bound:
            self.initial["ticket"] = once.issue(self._request)
        if self.is_always_asked or not sudo.is_fresh(self._request):
            self.fields["password"] = _password()

    def clean(self) -> dict[str, Any]:
        """Look at the terms first, and at the password only when they are right: an attempt costs a turn."""
        try:
            if not self.errors:
                self.check_terms()
        except BadTermsError as error:
            self.add_error(None, str(error))
        if not self.errors and "password" in self.fields:
            self._check_password()
        return self.cleaned_data

    def check_terms(self) -> None:
        """Raise BadTermsError unless what was asked for can be had."""

    def is_first(self) -> bool:
        """Tell whether the valid form is sent for the first time."""
        return once.spend(self._request, self.cleaned_data["ticket"])

    def _check_password(self) -> None:
        if not sudo.confirm(self._request, self._user, self.cleaned_data["password"]):
            self.add_error(
                "password",
                _("That is not your password. After several wrong ones, wait a quarter of an hour."),
            )


def _password() -> forms.CharField:
    return forms.CharField(
        label=_("Your password"),
        help_text=_(
            "Once more, since this makes something that outlives your session. You are not asked again for ten minutes."
        ),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class KeyForm(GuardedForm):
    name = _name()
    scope = _scope()
    lifetime = DurationChoice(
        KEY_LIFETIMES,
        label=_("Expires after"),
        required=False,
        help_text=_("When a key expires, Entra stops provisioning at once. You are warned by mail before it does."),
    )

    def check_terms(self) -> None:
        self.terms()

    def terms(self) -> KeyTerms:
        return KeyTerms(**{name: self.cleaned_data[name] for name in ("name", "scope", "lifetime")})


class RotateForm(GuardedForm):
    overlap = DurationChoice(
        OVERLAPS,
        label=_("The old key goes on for"),
        initial=_DAY,
        help_text=_("Time to enter the new one in Entra. Revoke the old one sooner if it has leaked."),
    )
    lifetime = DurationChoice(KEY_LIFETIMES, label=_("The new key expires after"), required=False)


class ClientForm(GuardedForm):
    name = _name()
    scope = _scope()
    token_lifetime = DurationChoice(
        TOKEN_LIFETIMES, label=_("An access token lives for"), help_text=_("Entra fetches a new one by itself.")
    )
    secret_lifetime = DurationChoice(SECRET_LIFETIMES, label=_("The secret expires after"), initial=730 * _DAY)

    def check_terms(self) -> None:
        self.terms()

    def terms(self) -> ClientTerms:
        names = ("name", "scope", "token_lifetime", "secret_lifetime")
        return ClientTerms(**{name: self.cleaned_data[name] for name in names})


class SecretForm(GuardedForm):
    lifetime = DurationChoice(SECRET_LIFETIMES, label=_("The new secret expires after"), initial=730 * _DAY)


class TrustForm(GuardedForm):
    """Whom to trust: what Entra's pages say of the workload identity."""

    tenant_id = forms.CharField(
        label=_("Tenant ID"), max_length=100, help_text=_("A GUID, from the Overview page of Microsoft Entra ID.")
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=300,
        required=False,
        help_text=_(
            "Leave it empty for https://login.microsoftonline.com/<tenant ID>/v2.0, as in Entra's public cloud."
        ),
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=100, help_text=_("A GUID: the object ID of the workload identity.")
    )
    audiences = forms.CharField(
        label=_("Audiences"),
        max_length=2000,
        help_text=_("One to five, each on a line of its own, as in api://<application ID>."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, request: ManagerRequest, trust: FederationTrust | None = None) -> None:
        super().__init__(request)
        if trust is not None:
            kept = {name: getattr(trust, name) for name in ("tenant_id", "issuer", "subject")}
            self.initial.update(kept, audiences="\n".join(trust.audiences))

    def check_terms(self) -> None:
        self.terms()

    def terms(self) -> TrustTerms:
        named = {name: self.cleaned_data[name] for name in ("tenant_id", "issuer", "subject")}
        return TrustTerms(**named, audiences=self.cleaned_data["audiences"].splitlines())


class FederationForm(TrustForm):
    name = _name()
    scope = _scope()
    field_order = ("name", "scope")


class AssertionForm(forms.Form):
    """A token to look at. It makes nothing, so no password is asked for."""

    assertion = forms.CharField(
        label=_("Token"),
        help_text=_("As Entra signs it: three parts with dots between them, the first of which begins with eyJ."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_assertion(self) -> str:
        """Leave out the blanks and line ends that copying puts in."""
        return "".join(self.cleaned_data["assertion"].split())

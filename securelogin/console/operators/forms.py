"""What the operators' pages ask. Whatever cannot be undone by the next click asks for the password once more."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oauth.models import Application
from securelogin.console.forms import SECRET_LIFETIMES, Asking, DurationChoice, GuardedForm
from securelogin.console.people_forms import email, language
from securelogin.directory.managers import Appointment
from securelogin.directory.models import Domain, Role


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=63,
        help_text=_("One word of letters, digits and hyphens, as in acme. Managers type it to sign in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


def _display_name() -> forms.CharField:
    return forms.CharField(
        label=_("Display name"), max_length=200, help_text=_("As its pages and mails say it, as in Acme Ltd.")
    )


class OwnerForm(GuardedForm):
    """Whom to invite as an owner of a domain."""

    email = email(_("E-mail address of the owner"))
    language = language()

    def appointment(self, by: str) -> Appointment:
        return Appointment(self.cleaned_data["email"], Role.OWNER, self.cleaned_data["language"], by)


class DomainForm(OwnerForm):
    name = _name()
    display_name = _display_name()
    field_order = ("name", "display_name", "email", "language")


class RenameForm(GuardedForm):
    name = _name()
    display_name = _display_name()

    def __init__(self, request: Asking, domain: Domain) -> None:
        super().__init__(request)
        self.initial.update(name=domain.name, display_name=domain.display_name)


class DeleteForm(GuardedForm):
    """Asks to type the name of what goes, so that nobody deletes the domain next to it."""

    typed = forms.CharField(
        label=_("Type the name of the domain"), max_length=63, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, request: Asking, domain: Domain) -> None:
        super().__init__(request)
        self._name = domain.name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self._name:
            raise ValidationError(_("That is not the name of this domain."))
        return typed


class RedirectsForm(GuardedForm):
    redirect_uris = forms.CharField(
        label=_("Redirect addresses"),
        max_length=4000,
        help_text=_(
            "Each on a line of its own. They are compared letter by letter: https://portal.example/a and "
            "https://portal.example/a/ are two."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, request: Asking, application: Application) -> None:
        super().__init__(request)
        self._application = application
        self.initial["redirect_uris"] = "\n".join(application.redirect_uris.split())

    def clean_redirect_uris(self) -> str:
        uris = " ".join(self.cleaned_data["redirect_uris"].split())
        self._application.redirect_uris = uris
        try:
            self._application.full_clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return uris


class AddSecretForm(GuardedForm):
    lifetime = DurationChoice(
        [("", _("It does not expire")), *SECRET_LIFETIMES], label=_("Expires after"), required=False
    )

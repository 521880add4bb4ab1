"""What is asked of somebody who signs in. The fields refuse NUL characters, and the lengths bound a hash's work."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from securelogin.directory.names import BadDomainNameError, clean_domain_name


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain"),
        help_text=_("One word, as in acme."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_domain(self) -> str:
        try:
            return clean_domain_name(self.cleaned_data["domain"])
        except BadDomainNameError as error:
            raise forms.ValidationError(str(error)) from error


def _username() -> forms.CharField:
    return forms.CharField(
        label=_("Username"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class LoginForm(forms.Form):
    username = _username()
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgotForm(forms.Form):
    username = _username()


def new_password() -> forms.CharField:
    """Return the field for a password that is chosen now, which `validate_password` has to agree to."""
    return forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters; a few words that do not belong together are good."),
        max_length=1000,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(forms.Form):
    password = new_password()

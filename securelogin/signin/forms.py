"""What is asked of somebody who signs in. The fields refuse NUL characters, and the lengths bound a hash's work."""

from django import forms
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


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("Username"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

"""What the console asks about managers: whom to invite, what role, and a new password of one's own."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from securelogin.console.access import ManagerRequest
from securelogin.console.forms import Asking, GuardedForm
from securelogin.directory.managers import Appointment
from securelogin.directory.models import Manager, Role
from securelogin.signin.forms import new_password

WHAT_ROLES_MAY = {
    Role.OWNER: _("Owner: everything, managers and settings too"),
    Role.ADMIN: _("Admin: users, groups, log and connections"),
    Role.CONNECTOR: _("Connector: connects the domain, and looks at the rest"),
    Role.AUDITOR: _("Auditor: looks at everything, and changes nothing"),
}


def email(label: Any) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        help_text=_("She signs in with it, and her mail goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the mail, and of the pages until she chooses another."),
    )


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Role"), choices=list(WHAT_ROLES_MAY.items()), initial=Role.ADMIN)


class InviteForm(GuardedForm):
    email = email(_("E-mail address"))
    role = _role()
    language = language()

    def appointment(self, by: str) -> Appointment:
        asked = self.cleaned_data
        return Appointment(asked["email"], Role(asked["role"]), asked["language"], by)


class RoleForm(GuardedForm):
    role = _role()

    def __init__(self, request: ManagerRequest, manager: Manager) -> None:
        super().__init__(request)
        self.initial["role"] = manager.role


class OwnPasswordForm(GuardedForm):
    """Asks for the old password in any case: whoever finds a browser open must not take the account over."""

    new = new_password()
    is_always_asked = True

    def __init__(self, request: Asking) -> None:
        super().__init__(request)
        self.order_fields(["password", "new"])

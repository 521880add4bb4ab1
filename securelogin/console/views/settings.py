"""Settings: how the domain is called, in which language it is written to, and how much may go at once."""

from django.conf import settings as installation
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from oauth.models import Connection
from securelogin.console import acts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.holding import shown
from securelogin.console.settings_form import SettingsForm
from securelogin.directory.guard import guard_of
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import whom_to_ask


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def settings(request: ManagerRequest) -> HttpResponse:
    """All there is to set, and how long what is kept here is kept."""
    may = request.may(Permission.EDIT_SETTINGS)
    connections = Connection.objects.filter(domain=request.domain)
    context = {
        "shown": shown(guard_of(request.domain), request.directory, timezone.now()),
        "mail_language": dict(installation.LANGUAGES)[request.domain.language],
        "logbook_days": installation.LOGBOOK_DAYS,
        "tombstone_days": installation.TOMBSTONE_DAYS,
        "may_edit": may,
        "may_connect": request.may(Permission.CONNECT),
        "some_active": connections.filter(state=Connection.State.ACTIVE).exists(),
        "some_paused": connections.filter(state=Connection.State.PAUSED).exists(),
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.EDIT_SETTINGS),
    }
    return show(request, "console/settings.html", context)


@require_http_methods(["GET", "POST"])
@manages(Permission.EDIT_SETTINGS)
def change(request: ManagerRequest) -> HttpResponse:
    form = SettingsForm(request)
    if not form.is_valid():
        return show(request, "console/settings_change.html", {"form": form})
    if form.changed_data:
        form.save()
        acts.note(request, acts.domain(request.domain), f"Settings were changed: {', '.join(form.changed_data)}.")
    messages.success(request.http, _("The settings are saved."))
    return redirect("console:settings", request.domain.name)

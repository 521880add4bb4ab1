"""Health: what an operator looks at first when something is slow or silent; and an operator's own password."""

import platform
import time

import django
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from securelogin.console import acts
from securelogin.console.acts import Subject
from securelogin.console.operators.access import OperatorRequest, operates
from securelogin.console.operators.frame import show
from securelogin.console.people_forms import OwnPasswordForm
from securelogin.directory.domains import set_password
from securelogin.logbook import writer
from securelogin.logbook.upkeep import last_upkeep
from securelogin.mail import is_configured


@require_safe
@operates
def health(request: OperatorRequest) -> HttpResponse:
    """The database, what waits, the last housekeeping, mail, and versions."""
    context = {
        "milliseconds": _milliseconds(),
        "waiting": writer.waiting(),
        "upkeep": last_upkeep(request.domain.pk),
        "has_mail": is_configured(),
        "versions": [("Python", platform.python_version()), ("Django", django.get_version()), _database()],
    }
    return show(request, "console/operator/health.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "new")
@operates
def password(request: OperatorRequest) -> HttpResponse:
    """Choose a new password; whoever else is signed in with the old one is logged out."""
    form = OwnPasswordForm(request)
    if not form.is_valid():
        return show(request, "console/operator/password.html", {"form": form}, status=400 if form.is_bound else 200)
    set_password(request.user, form.cleaned_data["new"])
    update_session_auth_hash(request.http, request.user)
    acts.note(request, Subject("operator", request.user.pk, request.user.user_name), "The password was changed.")
    messages.success(request.http, _("Your password is changed. Elsewhere you are logged out."))
    return redirect("operator:domains")


def _milliseconds() -> float:
    """Return how long the database takes to answer, as /readyz asks it."""
    since = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return (time.perf_counter() - since) * 1000


def _database() -> tuple[str, str]:
    version = ".".join(map(str, connection.get_database_version()))
    return connection.display_name, version

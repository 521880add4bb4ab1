"""Deletion guard: what Entra wants to remove and may not yet, and the decision about it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from securelogin.console import acts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.holding import held_page, shown
from securelogin.directory.guard import guard_of, reject, release, watch
from securelogin.directory.models import Domain
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import whom_to_ask


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def guard(request: ManagerRequest) -> HttpResponse:
    """What it does at this moment, what it holds, and what one may decide."""
    row, may = guard_of(request.domain), request.may(Permission.EDIT_DIRECTORY)
    after = request.http.GET.get("after", "")
    context = {
        "shown": shown(row, request.directory, timezone.now()),
        "held": held_page(request.domain, after) if row.is_holding else None,
        "after": after,
        "may_decide": may,
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.EDIT_DIRECTORY),
    }
    return show(request, "console/guard.html", context)


@require_POST
@manages(Permission.EDIT_DIRECTORY)
def release_it(request: ManagerRequest) -> HttpResponse:
    """Let everything go for a day."""
    said = _("Released. Entra comes again by itself, and what was held goes through; for a day nothing is held.")
    return _decide(request, release, "The deletion guard released what it held ({held}).", said)


@require_POST
@manages(Permission.EDIT_DIRECTORY)
def reject_it(request: ManagerRequest) -> HttpResponse:
    """Go on holding."""
    said = _("Rejected. Removals stay held until you press Guard again. Put right in Entra what went wrong there.")
    return _decide(request, reject, "The deletion guard goes on holding ({held}).", said)


@require_POST
@manages(Permission.EDIT_DIRECTORY)
def watch_again(request: ManagerRequest) -> HttpResponse:
    """Begin anew."""
    said = _("The guard counts anew, from nought.")
    return _decide(request, watch, "The deletion guard counts anew.", said)


def _decide(request: ManagerRequest, verb: Callable[[Domain, str], bool], sentence: str, said: str) -> HttpResponse:
    row = guard_of(request.domain)
    if verb(request.domain, request.actor.label):
        held = f"users: {row.held_users}, groups: {row.held_groups}"
        acts.note(request, acts.domain(request.domain), sentence.format(held=held))
        messages.success(request.http, said)
    else:
        messages.error(request.http, _("There is nothing to decide: somebody has done it already."))
    return redirect("console:guard", request.domain.name)

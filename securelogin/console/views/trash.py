"""Trash: who and what was deleted, by whom, and until when it can be brought back; and bringing it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from securelogin.console import acts, finding
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.finding import TrashSearch
from securelogin.console.frame import show
from securelogin.console.graves import Grave, deleted_by, return_of
from securelogin.console.keyset import Order, part_of
from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.errors import MissingError, NameTakenError
from securelogin.directory.models import Tombstone
from securelogin.directory.permissions import Permission
from securelogin.directory.retry import repeated
from securelogin.directory.tending import purge
from securelogin.signin.rights import whom_to_ask

LATEST_FIRST = Order(("deleted", "id"), descending=True)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def trash(request: ManagerRequest) -> HttpResponse:
    """The list, in a constant number of statements."""
    search = TrashSearch(request.http.GET)
    tombstones = finding.trash(request.domain, search).defer("snapshot", "memberships")
    part = part_of(tombstones, LATEST_FIRST, request.http.GET)
    actors = deleted_by(request.domain, part.rows)
    may = request.may(Permission.EDIT_DIRECTORY)
    context = {
        "search": search,
        "part": part,
        "graves": [Grave(tombstone, actors.get(tombstone.pk, "")) for tombstone in part.rows],
        "may_restore": may,
        "may_purge": request.may(Permission.PURGE),
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.EDIT_DIRECTORY),
    }
    return show(request, "console/trash.html", context)


@require_http_methods(["GET", "POST"])
@manages(Permission.EDIT_DIRECTORY)
def restore(request: ManagerRequest, tombstone_id: UUID) -> HttpResponse:
    """Say what comes back and what does not, and on the second press let it."""
    tombstone = _find(request, tombstone_id)
    if request.http.method != "POST":
        return _ask(request, tombstone)
    try:
        missing = _bring_back(acts.door(request, "This was restored from the trash."), tombstone_id)
    except NameTakenError:
        return _ask(request, tombstone, status=409)
    except MissingError as error:
        raise Http404 from error
    messages.success(request.http, _("%(name)s is back, with the same id.") % {"name": tombstone.label})
    if missing:
        sentence = ngettext(
            "%(counter)s membership could not come back, since its other side is gone.",
            "%(counter)s memberships could not come back, since their other sides are gone.",
            len(missing),
        )
        messages.warning(request.http, sentence % {"counter": len(missing)})
    return redirect(
        "console:user" if tombstone.subject_type == USERS.name else "console:group", request.domain.name, tombstone_id
    )


@require_http_methods(["GET", "POST"])
@manages(Permission.PURGE)
def purge_now(request: ManagerRequest, tombstone_id: UUID) -> HttpResponse:
    """Say that nobody can bring it back, and on the second press delete it for good."""
    tombstone = _find(request, tombstone_id)
    if request.http.method != "POST":
        return show(request, "console/trash_purge.html", {"tombstone": tombstone})
    try:
        purge(acts.door(request, "This was deleted from the trash, for good."), tombstone_id)
    except MissingError as error:
        raise Http404 from error
    messages.success(request.http, _("%(name)s is deleted for good.") % {"name": tombstone.label})
    return redirect("console:trash", request.domain.name)


@repeated
def _bring_back(directory: Directory, tombstone_id: UUID) -> list[str]:
    return directory.restore(tombstone_id)[1]


def _ask(request: ManagerRequest, tombstone: Tombstone, *, status: int = 200) -> HttpResponse:
    """Show the page that asks; where the name is taken, it says by whom, and has no button."""
    table = USERS if tombstone.subject_type == USERS.name else GROUPS
    context: dict[str, Any] = {
        "tombstone": tombstone,
        "taken_by": request.directory.find_by_name(table, tombstone.label),
        "coming": return_of(tombstone, request.directory.dialect),
    }
    return show(request, "console/trash_restore.html", context, status=status)


def _find(request: ManagerRequest, tombstone_id: UUID) -> Tombstone:
    """Return what the domain deleted. Raises Http404 for anything else, wherever it is."""
    found = Tombstone.objects.filter(domain=request.domain, pk=tombstone_id).first()
    if found is None:
        raise Http404
    return found

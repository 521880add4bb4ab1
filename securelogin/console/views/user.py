"""A user: what is known of her, her groups, her timeline, what SCIM shows of her, and whether she can sign in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scim.resources.catalogue import USER_RESOURCE
from securelogin.console import acts, tabs
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.facts import facts
from securelogin.console.frame import show
from securelogin.console.keyset import Order, part_of
from securelogin.console.provisioned import provisioned, raw
from securelogin.console.timeline import latest_label, timeline_of
from securelogin.directory.directory import USERS
from securelogin.directory.errors import MissingError
from securelogin.directory.journal import attributes
from securelogin.directory.models import Manager, Membership, Tombstone, User
from securelogin.directory.permissions import Permission
from securelogin.directory.tending import end_sessions
from securelogin.signin.rights import whom_to_ask


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def user(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    """Every value as it was sent, and which of them Entra keeps. Of somebody who was deleted, the timeline is left."""
    person = User.objects.filter(domain=request.domain, pk=user_id).first()
    if person is None and latest_label(request.domain, user_id, USERS.name):
        return redirect("console:user_timeline", request.domain.name, user_id)
    if person is None:
        raise Http404
    row = request.directory.get(USERS, str(user_id))
    known = facts(USER_RESOURCE, {name: row[name] for name in USERS.columns} | attributes(row))
    theirs = provisioned(request.domain, user_id)
    context = {"facts": [(fact, fact.key in theirs) for fact in known]}
    return _show(request, "console/user.html", person, context)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def groups(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    person = find(request, user_id)
    memberships = Membership.objects.filter(domain=request.domain, user=person).select_related("group")
    part = part_of(memberships, Order(("group_id",)), request.http.GET)
    return _show(request, "console/user_groups.html", person, {"part": part})


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def timeline(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    """Every change of her, and of her memberships, also after she was deleted."""
    person = User.objects.filter(domain=request.domain, pk=user_id).first()
    label = person.user_name if person else latest_label(request.domain, user_id, USERS.name)
    if label is None:
        raise Http404
    tombstone = Tombstone.objects.filter(domain=request.domain, pk=user_id, subject_type=USERS.name).first()
    part = timeline_of(request.domain, user_id, request.http.GET)
    may = request.may(Permission.EDIT_DIRECTORY)
    context = {"part": part, "tombstone": tombstone, "label": label, "may_restore": may}
    return _show(request, "console/user_timeline.html", person, context)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def scim(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    """Exactly what a SCIM GET would show."""
    context = {"raw": raw(USER_RESOURCE, request.directory, user_id)}
    return _show(request, "console/user_scim.html", find(request, user_id), context)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def access(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    """Her role here, and whether she can sign in."""
    person = find(request, user_id)
    may = request.may(Permission.EDIT_DIRECTORY)
    context = {
        "has_password": person.has_usable_password(),
        "role_of": Manager.objects.filter(domain=request.domain, user=person).first(),
        "may_edit": may,
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.EDIT_DIRECTORY),
    }
    return _show(request, "console/user_access.html", person, context)


@require_POST
@manages(Permission.EDIT_DIRECTORY)
def end_all_sessions(request: ManagerRequest, user_id: UUID) -> HttpResponse:
    """Sign her out everywhere, at her next request."""
    try:
        end_sessions(acts.door(request, "All sessions of this user were ended."), user_id)
    except MissingError as error:
        raise Http404 from error
    messages.success(request.http, _("All sessions are ended. Whoever was signed in has to sign in again."))
    return redirect("console:user_access", request.domain.name, user_id)


def find(request: ManagerRequest, user_id: UUID) -> User:
    """Return the domain's user. Raises Http404 for any other, wherever she is."""
    person = User.objects.filter(domain=request.domain, pk=user_id).first()
    if person is None:
        raise Http404
    return person


def _show(request: ManagerRequest, template: str, person: User | None, context: dict[str, Any]) -> HttpResponse:
    row = tabs.shown(tabs.USER, request, person.pk) if person else []
    return show(request, template, {"person": person, "subject_tabs": row, **context})

"""A group: its members, its timeline of joins and leaves, and what SCIM shows of it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from scim.resources.catalogue import GROUP_RESOURCE
from securelogin.console import finding, tabs
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.finding import Search
from securelogin.console.frame import show
from securelogin.console.keyset import Order, part_of
from securelogin.console.provisioned import raw
from securelogin.console.timeline import latest_label, timeline_of
from securelogin.directory.directory import GROUPS
from securelogin.directory.models import Group, Membership, Tombstone
from securelogin.directory.permissions import Permission

# More members than anybody reads through; a group may have a hundred thousand.
MOST_MEMBERS_SHOWN = 500


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def group(request: ManagerRequest, group_id: UUID) -> HttpResponse:
    """Its members, in the order in which they came to the domain. Of a group that was deleted, the timeline is left."""
    found = Group.objects.filter(domain=request.domain, pk=group_id).first()
    if found is None and latest_label(request.domain, group_id, GROUPS.name):
        return redirect("console:group_timeline", request.domain.name, group_id)
    if found is None:
        raise Http404
    search = Search(request.http.GET)
    members = finding.members(request.domain, found, search)
    context = {"search": search, "part": part_of(members, Order(("user_id",)), request.http.GET)}
    return _show(request, "console/group.html", found, context)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def timeline(request: ManagerRequest, group_id: UUID) -> HttpResponse:
    """Who joined and who left, and what else was changed, also after the group was deleted."""
    found = Group.objects.filter(domain=request.domain, pk=group_id).first()
    label = found.display_name if found else latest_label(request.domain, group_id, GROUPS.name)
    if label is None:
        raise Http404
    tombstone = Tombstone.objects.filter(domain=request.domain, pk=group_id, subject_type=GROUPS.name).first()
    part = timeline_of(request.domain, group_id, request.http.GET)
    may = request.may(Permission.EDIT_DIRECTORY)
    context = {"part": part, "tombstone": tombstone, "label": label, "may_restore": may}
    return _show(request, "console/group_timeline.html", found, context)


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def scim(request: ManagerRequest, group_id: UUID) -> HttpResponse:
    """What a SCIM GET would show, without the members where they are too many to look at."""
    found = Group.objects.filter(domain=request.domain, pk=group_id).first()
    if found is None:
        raise Http404
    members = Membership.objects.filter(domain=request.domain, group=found)
    is_crowd = members.values_list("user_id")[MOST_MEMBERS_SHOWN : MOST_MEMBERS_SHOWN + 1].count() > 0
    excluded = GROUPS.related if is_crowd else None
    context = {"raw": raw(GROUP_RESOURCE, request.directory, group_id, excluded), "is_crowd": is_crowd}
    return _show(request, "console/group_scim.html", found, context)


def _show(request: ManagerRequest, template: str, found: Group | None, context: dict[str, Any]) -> HttpResponse:
    row = tabs.shown(tabs.GROUP, request, found.pk) if found else []
    return show(request, template, {"group": found, "subject_tabs": row, **context})

"""Managers: who runs this domain, who is invited to, and what each may do."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oauth.connections import connections_of
from securelogin.console import acts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.acts import Subject
from securelogin.console.forms import GuardedForm
from securelogin.console.frame import show
from securelogin.console.listing import page_of
from securelogin.console.people_forms import InviteForm, RoleForm
from securelogin.directory.managers import LastOwnerError, change_role, managers_of, remove
from securelogin.directory.models import Manager, Role
from securelogin.directory.permissions import Permission
from securelogin.mail import is_configured
from securelogin.signin.invitations import InvitationError, Sent, invitations_of, invite, send_again
from securelogin.signin.models import Invitation
from securelogin.signin.rights import whom_to_ask


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def managers(request: ManagerRequest) -> HttpResponse:
    """The list, and the invitations that wait."""
    rows, may = managers_of(request.domain), request.may(Permission.EDIT_MANAGERS)
    context = {
        "page": page_of(rows, rows.count(), request.http.GET.get("page")),
        "invitations": list(invitations_of(request.domain)),
        "may_edit": may,
        "whom_to_ask": "" if may else whom_to_ask(request.domain, Permission.EDIT_MANAGERS),
    }
    return show(request, "console/managers.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.EDIT_MANAGERS)
def create(request: ManagerRequest) -> HttpResponse:
    """Ask whom to invite as what, and write to her in her language."""
    form = InviteForm(request)
    if not form.is_valid():
        return _ask(request, "console/manager_invite.html", form)
    try:
        sent = invite(request.domain, form.appointment(request.actor.label))
    except InvitationError as error:
        form.add_error("email", str(error))
        return _ask(request, "console/manager_invite.html", form)
    acts.note(request, _invited(sent.invitation), f"{sent.invitation.email} was invited as {sent.invitation.role}.")
    return _on_its_way(request, sent)


@require_POST
@manages(Permission.EDIT_MANAGERS)
def invite_again(request: ManagerRequest, invitation_id: UUID) -> HttpResponse:
    """Write once more; the link from before is over."""
    invitation = _find_invitation(request, invitation_id)
    try:
        sent = send_again(invitation)
    except InvitationError as error:
        messages.error(request.http, str(error))
        return redirect("console:managers", request.domain.name)
    acts.note(request, _invited(invitation), f"The invitation of {invitation.email} was sent again.")
    return _on_its_way(request, sent)


@require_POST
@manages(Permission.EDIT_MANAGERS)
def cancel(request: ManagerRequest, invitation_id: UUID) -> HttpResponse:
    invitation = _find_invitation(request, invitation_id)
    acts.note(request, _invited(invitation), f"The invitation of {invitation.email} was cancelled.")
    invitation.delete()
    messages.success(request.http, _("The invitation of %(email)s is cancelled.") % {"email": invitation.email})
    return redirect("console:managers", request.domain.name)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.EDIT_MANAGERS)
def role(request: ManagerRequest, manager_id: UUID) -> HttpResponse:
    """Give somebody another role, which counts from her next request."""
    manager = _find(request, manager_id)
    form = RoleForm(request, manager)
    if not form.is_valid():
        return _ask(request, "console/manager_role.html", form, manager)
    new = Role(form.cleaned_data["role"])
    try:
        change_role(manager, new)
    except LastOwnerError:
        form.add_error("role", _("She is the only owner who can sign in. Make somebody else an owner first."))
        return _ask(request, "console/manager_role.html", form, manager)
    acts.note(request, _managing(manager), f"The role was changed from {manager.role} to {new.value}.")
    told = {"name": manager.user.user_name, "role": new.label}
    messages.success(request.http, _("%(name)s has the role %(role)s now.") % told)
    return redirect("console:managers", request.domain.name)


@require_http_methods(["GET", "POST"])
@manages(Permission.EDIT_MANAGERS)
def end(request: ManagerRequest, manager_id: UUID) -> HttpResponse:
    """Say what she made, all of which goes on, and on the second press take her role from her."""
    manager = _find(request, manager_id)
    if request.http.method != "POST":
        made = connections_of(request.domain).filter(authorized_by=manager.user)
        return show(request, "console/manager_remove.html", {"person": manager, "connections": list(made[:50])})
    subject = _managing(manager)
    try:
        remove(manager)
    except LastOwnerError:
        messages.error(request.http, _("She is the only owner who can sign in. Make somebody else an owner first."))
        return redirect("console:managers", request.domain.name)
    acts.note(request, subject, f"The {manager.role} was removed from the managers.")
    messages.success(request.http, _("%(name)s manages this domain no more.") % {"name": manager.user.user_name})
    return redirect("console:managers", request.domain.name)


def _find(request: ManagerRequest, manager_id: UUID) -> Manager:
    """Return the domain's manager. Raises Http404 for any other."""
    manager = managers_of(request.domain).filter(pk=manager_id).first()
    if manager is None:
        raise Http404
    return manager


def _find_invitation(request: ManagerRequest, invitation_id: UUID) -> Invitation:
    found = invitations_of(request.domain).select_related("domain").filter(pk=invitation_id).first()
    if found is None:
        raise Http404
    return found


def _ask(request: ManagerRequest, template: str, form: GuardedForm, manager: Manager | None = None) -> HttpResponse:
    return show(request, template, {"form": form, "person": manager}, status=400 if form.is_bound else 200)


def _on_its_way(request: ManagerRequest, sent: Sent) -> HttpResponse:
    """Say that the mail is on its way; where none can be sent, show the link for her to hand over."""
    if sent.is_mailed and is_configured():
        messages.success(
            request.http,
            _("A mail with a link is on its way to %(email)s.") % {"email": sent.invitation.email},
        )
        return redirect("console:managers", request.domain.name)
    return show(request, "console/invitation_shown.html", {"invitation": sent.invitation, "address": sent.address})


def _managing(manager: Manager) -> Subject:
    return Subject("manager", manager.pk, manager.user.user_name)


def _invited(invitation: Invitation) -> Subject:
    return Subject("invitation", invitation.pk, invitation.email)

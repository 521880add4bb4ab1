"""Domains, as operators see them: how each is, and making, suspending, renaming and deleting one."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securelogin.console import acts
from securelogin.console.acts import Subject
from securelogin.console.operators.access import OperatorRequest, operates
from securelogin.console.operators.forms import DomainForm, OwnerForm
from securelogin.console.operators.frame import show
from securelogin.console.operators.listing import MOST_COUNTED, page_after, tenants, with_figures
from securelogin.directory.domains import WaitsForPurgeError, create_domain, resume, suspend
from securelogin.directory.models import Domain
from securelogin.directory.names import BadDomainNameError
from securelogin.mail import is_configured
from securelogin.signin.invitations import InvitationError, Sent, invite


@require_safe
@operates
def domains(request: OperatorRequest) -> HttpResponse:
    """The list, from the name on that the address says."""
    search = request.http.GET.get("q", "").replace("\x00", "").strip()[:200]
    after = request.http.GET.get("after", "").replace("\x00", "")[:63]
    context = {"page": page_after(after, search), "search": search, "after": after, "most": MOST_COUNTED}
    return show(request, "console/operator/domains.html", context)


@require_safe
@operates
def detail(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """One domain: its figures, and what can be done with it."""
    (shown,) = with_figures([find(domain_id)])
    return show(request, "console/operator/domain.html", {"shown": shown, "most": MOST_COUNTED})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def create(request: OperatorRequest) -> HttpResponse:
    """Make a domain, and invite its owner."""
    form = DomainForm(request)
    if not form.is_valid():
        return _ask(request, form)
    try:
        with transaction.atomic():
            domain = create_domain(form.cleaned_data["name"], form.cleaned_data["display_name"])
    except (BadDomainNameError, IntegrityError) as error:
        form.add_error("name", str(error) if isinstance(error, BadDomainNameError) else _("This name is taken."))
        return _ask(request, form)
    sent = invite(domain, form.appointment(request.actor.label))
    note(request, domain, f"The domain was made, and {sent.invitation.email} invited as its owner.")
    return _on_its_way(request, domain, sent)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def owner(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """Invite an owner: the first one again, or another when the last has gone."""
    domain, form = find(domain_id), OwnerForm(request)
    if form.is_valid():
        try:
            sent = invite(domain, form.appointment(request.actor.label))
        except InvitationError as error:
            form.add_error("email", str(error))
        else:
            note(request, domain, f"{sent.invitation.email} was invited as owner.")
            return _on_its_way(request, domain, sent)
    return _ask(request, form, domain)


@require_http_methods(["GET", "POST"])
@operates
def suspension(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    """Say what stops, and on the second press let it."""
    domain = find(domain_id)
    if request.http.method != "POST":
        (shown,) = with_figures([domain])
        return show(request, "console/operator/domain_suspend.html", {"shown": shown})
    suspend(domain)
    note(request, domain, "The domain was suspended.")
    messages.success(request.http, _("%(name)s is suspended.") % {"name": domain.name})
    return redirect("operator:domain", domain.pk)


@require_POST
@operates
def resumption(request: OperatorRequest, domain_id: UUID) -> HttpResponse:
    domain = find(domain_id)
    try:
        resume(domain)
    except WaitsForPurgeError:
        messages.error(request.http, _("It is about to be deleted. Cancel the deletion first."))
    else:
        note(request, domain, "The domain was resumed.")
        messages.success(request.http, _("%(name)s goes on.") % {"name": domain.name})
    return redirect("operator:domain", domain.pk)


def find(domain_id: UUID) -> Domain:
    """Return the tenant. Raises Http404 for any other domain: the operators' own is none to be managed."""
    domain: Domain | None = tenants().filter(pk=domain_id).first()
    if domain is None:
        raise Http404
    return domain


def note(request: OperatorRequest, domain: Domain, sentence: str) -> None:
    """Leave a line where the domain's managers read it, and one that outlives the domain where operators do."""
    for logbook in (domain, request.domain):
        acts.note(request, Subject("domain", domain.pk, domain.name), sentence, logbook)


def _ask(request: OperatorRequest, form: OwnerForm, domain: Domain | None = None) -> HttpResponse:
    context, status = {"form": form, "domain": domain}, 400 if form.is_bound else 200
    return show(request, "console/operator/domain_invite.html", context, status=status)


def _on_its_way(request: OperatorRequest, domain: Domain, sent: Sent) -> HttpResponse:
    email = sent.invitation.email
    if sent.is_mailed and is_configured():
        messages.success(request.http, _("A mail with a link is on its way to %(email)s.") % {"email": email})
        return redirect("operator:domain", domain.pk)
    context = {"domain": domain, "invitation": sent.invitation, "address": sent.address}
    return show(request, "console/operator/invitation_shown.html", context)

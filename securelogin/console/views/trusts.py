"""Workload identity federation: whom in Entra the domain trusts, without any secret."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from oauth.models import Connection
from oauth.trusts import change_trust, connect_federation, examine
from securelogin.console import acts, trusts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.connections import find
from securelogin.console.forms import AssertionForm, FederationForm, TrustForm
from securelogin.console.frame import show
from securelogin.directory.permissions import Permission


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def create(request: ManagerRequest) -> HttpResponse:
    """Ask whom to trust; the connection's own page has what goes into Entra."""
    form = FederationForm(request)
    if not form.is_valid():
        return show(request, "console/federation_create.html", {"form": form}, status=400 if form.is_bound else 200)
    if not form.is_first():
        messages.warning(request.http, _("This form has been sent already."))
        return redirect("console:connection", request.domain.name)
    named = form.cleaned_data
    row = connect_federation(request.domain, named["name"], named["scope"], form.terms(), acts.author_of(request))
    acts.note(request, acts.connection(row), "This connection was made, with a trust in a workload identity.")
    messages.success(request.http, _("The trust is set up. Paste the values below into Entra."))
    return redirect("console:connection_detail", request.domain.name, row.pk)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def change(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """Trust somebody else from now on."""
    row = _trusting(request, connection_id)
    form = TrustForm(request, row.trust)
    if not form.is_valid():
        context = {"form": form, "connection": row}
        return show(request, "console/trust_change.html", context, status=400 if form.is_bound else 200)
    change_trust(row.trust, form.terms())
    acts.note(request, acts.connection(row), "The trust of this connection was changed.")
    messages.success(request.http, _("The trust is changed. Tokens that the old one gave have ended."))
    return redirect("console:connection_detail", request.domain.name, row.pk)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("assertion")
@manages(Permission.CONNECT)
def check(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """Show how a token that is pasted would be judged. It is neither kept nor sent back: it may still be good."""
    row = _trusting(request, connection_id)
    form = AssertionForm(request.http.POST if request.http.method == "POST" else None)
    context: dict[str, object] = {"form": form, "connection": row}
    if form.is_valid():
        verdict = examine(row.trust, form.cleaned_data["assertion"])
        context |= {"form": AssertionForm(), "verdict": verdict, "checks": trusts.explained(verdict)}
    return show(request, "console/trust_check.html", context, status=400 if form.errors else 200)


def _trusting(request: ManagerRequest, connection_id: UUID) -> Connection:
    """Return a connection of the manager's domain that stands on a trust and is not over. Raises Http404."""
    row = find(request, connection_id)
    if row.kind != Connection.Kind.FEDERATION or row.state == Connection.State.REVOKED:
        raise Http404
    return row

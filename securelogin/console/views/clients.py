"""Client credentials: an OAuth client of the domain's own, and the two secrets that it may have."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from oauth.applications import connect_client
from oauth.models import Application, ApplicationSecret, Connection
from oauth.secrets import TooManySecretsError, add_secret, expire
from securelogin.console import acts
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.connections import find, is_valid, secrets_of
from securelogin.console.forms import ClientForm, SecretForm
from securelogin.console.frame import show
from securelogin.console.values import tenant_url, token_endpoint
from securelogin.directory.permissions import Permission


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def create(request: ManagerRequest) -> HttpResponse:
    """Ask for the terms, then make the client and show its secret this once."""
    form = ClientForm(request)
    if not form.is_valid():
        return show(request, "console/client_create.html", {"form": form}, status=400 if form.is_bound else 200)
    if not form.is_first():
        return _shown_already(request)
    row, secret = connect_client(request.domain, form.terms(), acts.author_of(request))
    acts.note(request, acts.connection(row), "This connection was made, with a client of its own.")
    return _show_once(request, row, secret)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@manages(Permission.CONNECT)
def add(request: ManagerRequest, connection_id: UUID) -> HttpResponse:
    """Make a second secret, so that the first can be replaced without a failed call."""
    row, application = _find(request, connection_id)
    form = SecretForm(request)
    if not form.is_valid():
        context = {"form": form, "connection": row}
        return show(request, "console/secret_add.html", context, status=400 if form.is_bound else 200)
    if not form.is_first():
        return _shown_already(request)
    try:
        secret = add_secret(application, form.cleaned_data["lifetime"])
    except TooManySecretsError as error:
        messages.error(request.http, str(error))
        return redirect("console:connection_detail", request.domain.name, row.pk)
    acts.note(request, acts.connection(row), "A client secret was added.")
    return _show_once(request, row, secret)


@require_http_methods(["GET", "POST"])
@manages(Permission.CONNECT)
def end(request: ManagerRequest, connection_id: UUID, secret_id: UUID) -> HttpResponse:
    """Say what stops, and on the second press let it."""
    row, application = _find(request, connection_id)
    secret = application.secrets.filter(pk=secret_id).first()
    if secret is None or not is_valid(secret):
        raise Http404
    if request.http.method != "POST":
        context = {"connection": row, "secret": secret, "is_last": _is_last(row, secret)}
        return show(request, "console/secret_end.html", context)
    expire(secret)
    acts.note(request, acts.connection(row), f"The client secret of {secret.created:%Y-%m-%d} was ended.")
    messages.success(request.http, _("The secret is over. It gets no more tokens."))
    return redirect("console:connection_detail", request.domain.name, row.pk)


def _find(request: ManagerRequest, connection_id: UUID) -> tuple[Connection, Application]:
    row = find(request, connection_id)
    if row.kind != Connection.Kind.CLIENT or row.state == Connection.State.REVOKED or row.application is None:
        raise Http404
    return row, row.application


def _is_last(row: Connection, secret: ApplicationSecret) -> bool:
    return not any(is_valid(other) for other in secrets_of(row) if other.pk != secret.pk)


def _show_once(request: ManagerRequest, row: Connection, secret: str) -> HttpResponse:
    context = {
        "connection": row,
        "secret": secret,
        "tenant_url": tenant_url(),
        "token_endpoint": token_endpoint(),
    }
    return show(request, "console/secret_shown.html", context)


def _shown_already(request: ManagerRequest) -> HttpResponse:
    messages.warning(
        request.http,
        _(
            "This form has been sent already, and its secret was shown then. It cannot be shown again: "
            "add another one if it is lost."
        ),
    )
    return redirect("console:connection", request.domain.name)

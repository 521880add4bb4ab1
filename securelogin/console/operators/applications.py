"""OAuth applications: the clients that Authorize is pressed with, which serve all domains. A domain's own client is its
managers' business.
"""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from oauth.models import Application, ApplicationSecret, Connection
from oauth.secrets import TooManySecretsError, add_secret, expire, valid_secrets
from securelogin.console import acts
from securelogin.console.acts import Subject
from securelogin.console.connections import is_valid
from securelogin.console.operators.access import OperatorRequest, operates
from securelogin.console.operators.forms import AddSecretForm, RedirectsForm
from securelogin.console.operators.frame import show
from securelogin.console.values import authorization_endpoint, token_endpoint


@require_safe
@operates
def applications(request: OperatorRequest) -> HttpResponse:
    """The list."""
    return show(request, "console/operator/applications.html", {"applications": list(_of_authorize()[:200])})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def detail(request: OperatorRequest, application_id: int) -> HttpResponse:
    """One application: its values for Entra, its redirect addresses to change, and its secrets."""
    application = _find(application_id)
    form = RedirectsForm(request, application)
    if form.is_valid():
        application.save(update_fields=["redirect_uris"])
        _note(request, application, f"The redirect addresses are now: {application.redirect_uris}")
        messages.success(request.http, _("The redirect addresses count from now on."))
        return redirect("operator:application", application.pk)
    context = {
        "application": _find(application_id),
        "form": form,
        "secrets": [(secret, is_valid(secret)) for secret in application.secrets.order_by("-created")[:50]],
        "authorization_endpoint": authorization_endpoint(),
        "token_endpoint": token_endpoint(),
    }
    return show(request, "console/operator/application.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@operates
def switch(request: OperatorRequest, application_id: int) -> HttpResponse:
    """Say whom it concerns, and on the second press switch the application off, or on again."""
    application = _find(application_id)
    if request.http.method != "POST":
        live = [Connection.State.ACTIVE, Connection.State.PAUSED]
        total = Connection.objects.filter(application=application, state__in=live).count()
        context = {"application": application, "connections_total": total}
        return show(request, "console/operator/application_switch.html", context)
    application.is_active = not application.is_active
    application.save(update_fields=["is_active"])
    _note(request, application, f"The application was switched {'on' if application.is_active else 'off'}.")
    said = _("%(name)s is switched on.") if application.is_active else _("%(name)s is switched off.")
    messages.success(request.http, said % {"name": application.name})
    return redirect("operator:application", application.pk)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@operates
def add(request: OperatorRequest, application_id: int) -> HttpResponse:
    """Make a second secret, so that the first can be replaced without a failed call."""
    application, form = _find(application_id), AddSecretForm(request)
    if not form.is_valid():
        context, status = {"application": application, "form": form}, 400 if form.is_bound else 200
        return show(request, "console/operator/secret_add.html", context, status=status)
    if not form.is_first():
        messages.warning(request.http, _("This form has been sent already, and its secret was shown then."))
        return redirect("operator:application", application.pk)
    try:
        secret = add_secret(application, form.cleaned_data["lifetime"])
    except TooManySecretsError as error:
        messages.error(request.http, str(error))
        return redirect("operator:application", application.pk)
    _note(request, application, "A client secret was added.")
    return show(request, "console/operator/secret_shown.html", {"application": application, "secret": secret})


@require_http_methods(["GET", "POST"])
@operates
def end(request: OperatorRequest, application_id: int, secret_id: UUID) -> HttpResponse:
    """Say what stops, and on the second press let it."""
    application = _find(application_id)
    secret = valid_secrets(application).filter(pk=secret_id).first()
    if secret is None:
        raise Http404
    if request.http.method != "POST":
        context = {"application": application, "secret": secret, "is_last": _is_last(application, secret)}
        return show(request, "console/operator/secret_end.html", context)
    expire(secret)
    _note(request, application, f"The client secret of {secret.created:%Y-%m-%d} was ended.")
    messages.success(request.http, _("The secret is over. It gets no more tokens."))
    return redirect("operator:application", application.pk)


def _of_authorize() -> "QuerySet[Application]":
    return Application.objects.filter(authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE).order_by("id")


def _find(application_id: int) -> Application:
    application = _of_authorize().filter(pk=application_id).first()
    if application is None:
        raise Http404
    return application


def _is_last(application: Application, secret: ApplicationSecret) -> bool:
    return not valid_secrets(application).exclude(pk=secret.pk).exists()


def _note(request: OperatorRequest, application: Application, sentence: str) -> None:
    # An application's id is a number, which the line's subject has no place for: its name and client id tell which.
    subject = Subject("client", request.domain.pk, f"{application.name} ({application.client_id})")
    acts.note(request, subject, sentence)

"""The pages of signing in: which domain, who are you, goodbye. They know errands, not OAuth."""

from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from securelogin.directory.models import Manager, User
from securelogin.pages import message
from securelogin.policy import lead_back_to
from securelogin.signin import errands
from securelogin.signin.attempt import attempt
from securelogin.signin.errands import Errand
from securelogin.signin.forms import DomainForm, LoginForm
from securelogin.signin.rights import home_of, may, whom_to_ask


class SeeOther(HttpResponseRedirect):
    """303: the answer to a form is fetched with GET, so that no browser sends a password on (RFC 9700 §4.12)."""

    status_code = 303


@require_safe
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """«Go to domain». Every well-formed name leads to a login page, so this tells nobody which domains exist."""
    flow = request.GET.get("flow", "")
    errand = errands.find(request, flow) if flow else None
    if flow and errand is None:
        return _too_late(request)
    form = DomainForm(request.GET if "domain" in request.GET else None)
    if form.is_valid():
        return on_the_way(HttpResponseRedirect(login_address(form.cleaned_data["domain"], flow)), errand)
    context = {"form": form, "flow": flow, "errand": errand}
    return on_the_way(render(request, "signin/go.html", context, status=400 if form.is_bound else 200), errand)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest, domain: str) -> HttpResponse:
    """The login page of a domain, which looks alike whether or not the domain exists."""
    flow = request.GET.get("flow", "")
    errand = errands.find(request, flow) if flow else None
    if flow and errand is None:
        return _too_late(request)
    form = LoginForm(request.POST if request.method == "POST" else None)
    user = attempt(request, domain, **form.cleaned_data) if form.is_valid() else None
    if user is None:
        context = {"form": form, "domain": domain, "flow": flow, "errand": errand}
        status = 401 if form.is_bound else 200
        return on_the_way(render(request, "signin/login.html", context, status=status), errand)
    return on_the_way(_welcome(request, user, flow, errand), errand)


@require_POST
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    user = request.user
    end_session(request)
    return SeeOther(login_address(user.domain.name, "") if isinstance(user, User) else reverse("signin:go"))


def _welcome(request: HttpRequest, user: User, flow: str, errand: Errand | None) -> HttpResponse:
    """Start the session of somebody who gave the right password, and send her on her way."""
    if errand is not None and not may(user, errand.permission):
        return _ask_someone_else(request, user, errand)
    waiting = errands.unsigned(request)
    start_session(request, user)
    errands.restore(request, waiting)
    Manager.objects.filter(user=user).update(last_sign_in=timezone.now())
    if errand is None:
        return SeeOther(home_of(user))
    errands.sign_for(request, flow, user)
    return SeeOther(errand.return_to)


def _ask_someone_else(request: HttpRequest, user: User, errand: Errand) -> HttpResponse:
    """Only after a right password: whom to ask is nobody else's business."""
    refusal = _("Your account %(name)s is not a manager of %(domain)s who may connect it.")
    sentences = [
        refusal % {"name": user.user_name, "domain": user.domain.name},
        whom_to_ask(user.domain, errand.permission),
    ]
    return message(request, _("You may not do this"), sentences, status=403)


def _too_late(request: HttpRequest) -> HttpResponse:
    sentences = [
        _("This sign-in has been used already, is older than ten minutes, or was begun in another browser."),
        _("Start again in Entra: press Authorize once more."),
    ]
    return message(request, _("Start again"), sentences, status=400)


def on_the_way(response: HttpResponse, errand: Errand | None) -> HttpResponse:
    """Let a page of a pending errand keep what its window came from, and lead back there."""
    return response if errand is None else lead_back_to(response, errand.form_action_origin)


def login_address(domain: str, flow: str) -> str:
    """Return the login page of a domain, for an errand if one is named."""
    address = reverse("signin:login", args=[domain])
    return f"{address}?flow={flow}" if flow else address

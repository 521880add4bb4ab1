"""The pages behind the links that are sent by mail, and the one that asks for such a link."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from securelogin.pages import message
from securelogin.signin import errands, invitations, resets
from securelogin.signin.addresses import client_address
from securelogin.signin.forms import ForgotForm, NewPasswordForm
from securelogin.signin.invitations import InvitationError
from securelogin.signin.models import Invitation
from securelogin.signin.throttle import forgive, keys_of
from securelogin.signin.views import SeeOther, login_address, on_the_way


@require_http_methods(["GET", "POST"])
@never_cache
def forgot(request: HttpRequest, domain: str) -> HttpResponse:
    """Ask for a link by mail. The answer is the same for everybody, and for domains that are not there."""
    flow = request.GET.get("flow", "")
    errand = errands.find(request, flow) if flow else None
    flow = flow if errand else ""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    is_asked = form.is_valid()
    if is_asked:
        resets.send_link(request, domain, form.cleaned_data["username"], flow)
    context = {"form": form, "domain": domain, "flow": flow, "errand": errand, "is_asked": is_asked}
    return on_the_way(render(request, "signin/forgot.html", context), errand)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def reset(request: HttpRequest, link: str) -> HttpResponse:
    """Choose a new password, then sign in with it: on the way to Entra, if this is the browser that began there."""
    user = resets.find(link)
    if user is None:
        return _over(request, _("Ask for another one on the login page of your domain."))
    flow = request.GET.get("flow", "")
    errand = errands.find(request, flow) if flow else None
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "username": user.user_name, "domain": user.domain, "invitation": None}
        return on_the_way(_ask_for_password(request, context), errand)
    if not resets.reset(link, form.cleaned_data["password"]):
        return _over(request, _("Ask for another one on the login page of your domain."))
    forgive(keys_of(user.domain.name, user.user_name, client_address(request)))
    messages.success(request, _("Your password is set. Sign in with it."))
    if flow and errand is None:
        messages.info(request, _("If you came from Entra, start again there: press Authorize once more."))
    return on_the_way(SeeOther(login_address(user.domain.name, flow if errand else "")), errand)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, link: str) -> HttpResponse:
    """Become a manager: choose a password, then sign in with it. Speaks the language of the invitation."""
    found = invitations.find(link)
    if found is None:
        return _over(request, _("Ask whoever invited you to send the invitation again."))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(found.language)  # until the end of the request (language.py)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "username": found.email, "domain": found.domain, "invitation": found}
        return _in_its_language(_ask_for_password(request, context))
    return _in_its_language(_accepted(request, found, form.cleaned_data["password"]))


def _accepted(request: HttpRequest, found: Invitation, password: str) -> HttpResponse:
    try:
        invitations.accept(found, password)
    except InvitationError as error:
        return _over(request, str(error))
    messages.success(request, _("Your password is set. Sign in with it."))
    return SeeOther(login_address(found.domain.name, ""))


def _ask_for_password(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    status = 400 if request.method == "POST" else 200
    return render(request, "signin/new_password.html", context, status=status)


def _in_its_language(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response


def _over(request: HttpRequest, what_to_do: str) -> HttpResponse:
    sentences = [_("It has been used already, has been replaced by another one, or is too old."), what_to_do]
    return message(request, _("This link does not work any more"), sentences, status=404)

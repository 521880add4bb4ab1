"""Profile: the manager herself, behind the icon at the top right."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from securelogin.console import acts, tabs
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.acts import Subject
from securelogin.console.frame import show
from securelogin.console.people_forms import OwnPasswordForm
from securelogin.directory.domains import set_password
from securelogin.directory.permissions import Permission


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def account(request: ManagerRequest) -> HttpResponse:
    """Who she is here, and what her role is."""
    return show(request, "console/profile.html", {"profile_tabs": tabs.shown(tabs.PROFILE, request)})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "new")
@manages(Permission.VIEW_DIRECTORY)
def password(request: ManagerRequest) -> HttpResponse:
    """Choose a new password; whoever else is signed in with the old one is logged out."""
    form = OwnPasswordForm(request)
    if not form.is_valid():
        return show(request, "console/password.html", {"form": form}, status=400 if form.is_bound else 200)
    set_password(request.user, form.cleaned_data["new"])
    update_session_auth_hash(request.http, request.user)
    acts.note(request, Subject("manager", request.manager.pk, request.user.user_name), "The password was changed.")
    messages.success(request.http, _("Your password is changed. Elsewhere you are logged out."))
    return redirect("console:profile", request.domain.name)

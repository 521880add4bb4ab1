"""Home: how a domain is, at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.directory.directory import GROUPS, USERS
from securelogin.directory.models import User
from securelogin.directory.permissions import Permission
from securelogin.signin.rights import home_of


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front door: your own pages if you are signed in, else the question which one."""
    user = request.user
    return redirect(home_of(user)) if isinstance(user, User) else redirect("signin:go")


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def home(request: ManagerRequest) -> HttpResponse:
    """How many users and groups there are."""
    context = {
        "people_total": request.directory.count(USERS, None),
        "groups_total": request.directory.count(GROUPS, None),
    }
    return show(request, "console/home.html", context)

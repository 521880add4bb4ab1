"""The managers' pages: a domain's people and groups at a glance."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from securelogin.console.access import ManagerRequest, manages
from securelogin.console.listing import groups, people
from securelogin.directory.directory import GROUPS, USERS
from securelogin.directory.models import User
from securelogin.directory.permissions import Permission

PER_PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: your own domain if you are signed in, else the question which one."""
    user = request.user
    return redirect("console:domain", domain=user.domain.name) if isinstance(user, User) else redirect("signin:go")


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def domain(request: ManagerRequest) -> HttpResponse:
    """A domain's people and groups, a page of each at a time, in a constant number of statements."""
    asked = request.http.GET
    context = {
        "domain": request.domain,
        "manager": request.manager,
        "people_total": request.directory.count(USERS, None),
        "groups_total": request.directory.count(GROUPS, None),
        "people": Paginator(people(request.domain), PER_PAGE).get_page(asked.get("people")),
        "groups": Paginator(groups(request.domain), PER_PAGE).get_page(asked.get("groups")),
    }
    return render(request.http, "console/domain.html", context)

"""Users: a domain's people, a page at a time."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.listing import page_of, people
from securelogin.directory.directory import USERS
from securelogin.directory.permissions import Permission


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def users(request: ManagerRequest) -> HttpResponse:
    """The list, in a constant number of statements."""
    total = request.directory.count(USERS, None)
    return show(
        request,
        "console/users.html",
        {"total": total, "page": page_of(people(request.domain), total, request.http.GET.get("page"))},
    )

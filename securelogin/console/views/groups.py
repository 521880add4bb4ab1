"""Groups: a domain's groups, a page at a time."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.console.listing import groups as groups_of
from securelogin.console.listing import page_of
from securelogin.directory.directory import GROUPS
from securelogin.directory.permissions import Permission


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def groups(request: ManagerRequest) -> HttpResponse:
    """The list, in a constant number of statements."""
    total = request.directory.count(GROUPS, None)
    return show(
        request,
        "console/groups.html",
        {"total": total, "page": page_of(groups_of(request.domain), total, request.http.GET.get("page"))},
    )

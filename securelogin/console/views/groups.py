"""Groups: a domain's groups, found by name, a page at a time."""

from dataclasses import replace

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from securelogin.console import finding
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.finding import Search
from securelogin.console.frame import show
from securelogin.console.keyset import Order, part_of
from securelogin.console.listing import MOST_COUNTED, with_member_count
from securelogin.directory.directory import GROUPS
from securelogin.directory.permissions import Permission


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def groups(request: ManagerRequest) -> HttpResponse:
    """The list, in a constant number of statements."""
    search = Search(request.http.GET)
    part = part_of(finding.groups(request.domain, search), Order(("display_name_key",)), request.http.GET)
    context = {
        "total": request.directory.count(GROUPS, None),
        "search": search,
        "most": MOST_COUNTED,
        "part": replace(part, rows=with_member_count(request.domain, part.rows)),
    }
    return show(request, "console/groups.html", context)

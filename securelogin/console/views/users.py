"""Users: a domain's people, found and filtered by the address, a page at a time; and the same as a file."""

from dataclasses import replace

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from securelogin.console import finding
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.export import as_csv
from securelogin.console.finding import PeopleSearch
from securelogin.console.frame import show
from securelogin.console.keyset import Order, part_of
from securelogin.console.listing import with_group_count
from securelogin.directory.directory import USERS
from securelogin.directory.models import Group
from securelogin.directory.permissions import Permission

BY_NAME = Order(("user_name_key",))


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def users(request: ManagerRequest) -> HttpResponseBase:
    """The list, in a constant number of statements."""
    search = PeopleSearch(request.http.GET)
    people = finding.people(request.domain, search)
    group = _group(request, search)
    if request.http.GET.get("format") == "csv" and search.is_valid():
        return as_csv(people, f"{request.domain.name}-users.csv")
    part = part_of(people, BY_NAME, request.http.GET)
    context = {
        "total": request.directory.count(USERS, None),
        "search": search,
        "part": replace(part, rows=with_group_count(request.domain, part.rows)),
        "group": group,
    }
    return show(request, "console/users.html", context)


def _group(request: ManagerRequest, search: PeopleSearch) -> Group | None:
    """Return the group whose members alone are shown. Raises Http404 for one that is not the domain's."""
    if not search.is_valid() or not search.cleaned_data["group"]:
        return None
    group = Group.objects.filter(domain=request.domain, pk=search.cleaned_data["group"]).first()
    if group is None:
        raise Http404
    return group

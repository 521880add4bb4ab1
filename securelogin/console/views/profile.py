"""Profile: the manager herself, behind the icon at the top right."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from securelogin.console import tabs
from securelogin.console.access import ManagerRequest, manages
from securelogin.console.frame import show
from securelogin.directory.permissions import Permission


@require_safe
@manages(Permission.VIEW_DIRECTORY)
def account(request: ManagerRequest) -> HttpResponse:
    """Who she is here, and what her role is."""
    return show(request, "console/profile.html", {"profile_tabs": tabs.shown(tabs.PROFILE, request)})

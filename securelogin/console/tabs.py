"""The rows of tabs, each in one table: a page that a row should lead to gets one line here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from securelogin.console.access import ManagerRequest
from securelogin.directory.permissions import Permission, allows


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that a row of tabs leads to, and what one must be allowed to see it."""

    route: str  # a name in console/urls.py
    title: Promise
    permission: Permission = Permission.VIEW_DIRECTORY


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab as a page shows it; `current` is the value of aria-current, empty for the others."""

    title: Promise
    address: str
    current: str


CONSOLE = (
    Tab("home", _("Home")),
    Tab("users", _("Users")),
    Tab("groups", _("Groups")),
    Tab("log", _("Provisioning log"), Permission.VIEW_LOG),
    Tab("connection", _("Connection"), Permission.VIEW_LOG),
    Tab("managers", _("Managers")),
    Tab("settings", _("Settings")),
)
PROFILE = (Tab("profile", _("Account")), Tab("access_keys", _("Access Key"), Permission.VIEW_LOG))
USER = (
    Tab("user", _("Profile")),
    Tab("user_groups", _("Groups")),
    Tab("user_timeline", _("Timeline")),
    Tab("user_scim", _("SCIM")),
    Tab("user_access", _("Access")),
)
GROUP = (Tab("group", _("Members")), Tab("group_timeline", _("Timeline")), Tab("group_scim", _("SCIM")))


def shown(row: Sequence[Tab], request: ManagerRequest, *ids: UUID) -> list[ShownTab]:
    """Return the tabs that the manager's role may see; `ids` stand in their addresses behind the domain's name."""
    allowed = [tab for tab in row if allows(request.manager.role, tab.permission)]
    where = [request.domain.name, *ids]
    return marked(request.http.path, [(tab.title, reverse(f"console:{tab.route}", args=where)) for tab in allowed])


def marked(path: str, pages: Sequence[tuple[Promise, str]]) -> list[ShownTab]:
    """Return pages, by title and address, as a row of tabs. Marked is the one with the longest address that leads
    here.
    """
    nearest = max(_leading_to(path, [address for _title, address in pages]), key=len, default="")
    return [ShownTab(title, address, _current(address, nearest, path)) for title, address in pages]


def _leading_to(path: str, addresses: list[str]) -> Iterator[str]:
    # The first tab's page is the root of the others, and leads to itself alone.
    return (
        address for address in addresses if path == address or (address != addresses[0] and path.startswith(address))
    )


def _current(address: str, nearest: str, path: str) -> str:
    if address != nearest:
        return ""
    return "page" if address == path else "true"

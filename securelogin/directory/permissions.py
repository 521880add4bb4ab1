"""What each role of a manager may do. One table; pages, Authorize and commands all read it."""

from enum import StrEnum

from securelogin.directory.models import Role


class Permission(StrEnum):
    VIEW_DIRECTORY = "directory:view"
    EDIT_DIRECTORY = "directory:edit"
    PURGE = "directory:purge"
    VIEW_LOG = "log:view"
    CONNECT = "connection:connect"
    EDIT_MANAGERS = "managers:edit"
    EDIT_SETTINGS = "settings:edit"


_AUDITOR = frozenset({Permission.VIEW_DIRECTORY, Permission.VIEW_LOG})
_CONNECTOR = frozenset({Permission.VIEW_DIRECTORY, Permission.VIEW_LOG, Permission.CONNECT})
_ADMIN = _CONNECTOR | {Permission.EDIT_DIRECTORY}

ALLOWED: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: _ADMIN,
    Role.CONNECTOR: _CONNECTOR,
    Role.AUDITOR: _AUDITOR,
}


def allows(role: str | None, permission: Permission) -> bool:
    """Tell whether a manager of this role may; someone without a role may nothing."""
    return permission in ALLOWED.get(role or "", frozenset())


def roles_that_may(permission: Permission) -> list[str]:
    """Return the roles to ask, most powerful first, for the page that says "ask an owner"."""
    return [role for role, permissions in ALLOWED.items() if permission in permissions]

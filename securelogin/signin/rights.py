"""Whether somebody who signed in may do what she signed in for; asked again at each step that acts for her."""

from securelogin.directory.models import Domain, Manager, User
from securelogin.directory.permissions import Permission, allows


def may(user: User, permission: Permission) -> bool:
    """Tell whether her role allows it now: it may have been taken from her since she signed in."""
    # What managers do concerns a tenant; the operators' domain has nothing to connect.
    return user.domain.kind == Domain.Kind.TENANT and allows(_role(user), permission)


def _role(user: User) -> str | None:
    manager = Manager.objects.filter(user=user).first()
    return manager.role if manager is not None else None

"""Whether somebody who signed in may do what she signed in for; asked again at each step that acts for her."""

from django.utils.translation import gettext as _

from securelogin.directory.models import Domain, Manager, User
from securelogin.directory.permissions import Permission, allows, roles_that_may


def may(user: User, permission: Permission) -> bool:
    """Tell whether her role allows it now: it may have been taken from her since she signed in."""
    # What managers do concerns a tenant; the operators' domain has nothing to connect.
    return user.domain.kind == Domain.Kind.TENANT and allows(_role(user), permission)


def home_of(user: User) -> str:
    """Return the path of the pages that are hers: those of her domain, or the operators'."""
    return "/operator/" if user.domain.kind == Domain.Kind.OPERATORS else f"/d/{user.domain.name}/"


def whom_to_ask(domain: Domain, permission: Permission) -> str:
    """Return the sentence that names who may, ten of them at most. For members of the domain alone to read."""
    roles = roles_that_may(permission)
    allowed = Manager.objects.filter(domain=domain, role__in=roles, user__active=True).select_related("user")
    names = sorted(manager.user.display_name or manager.user.user_name for manager in allowed)[:10]
    if not names:
        return _("This domain has no manager who may. Ask the operator of this service to appoint one.")
    return _("Ask one of them to do it: %(names)s.") % {"names": ", ".join(names)}


def _role(user: User) -> str | None:
    manager = Manager.objects.filter(user=user).first()
    return manager.role if manager is not None else None

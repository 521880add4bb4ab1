"""Who manages a domain: appointed, given another role, removed; and never the last owner who can sign in."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from securelogin.directory.credential import Actor
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import set_password, tenant, without_password
from securelogin.directory.errors import DirectoryError
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, Role, User
from securelogin.directory.text import comparison_key


class LastOwnerError(DirectoryError):
    """She is the only owner who can sign in: without her nobody could appoint another one."""


class ManagesAlreadyError(DirectoryError):
    """The account is a manager's of the domain already."""


class DisabledError(DirectoryError):
    """The account is there and may not sign in, as Entra or an operator decided."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Whom to make a manager: by the name she signs in with, which is her address for mail too."""

    email: str
    role: Role
    language: str
    by: str  # a name to show


def managers_of(domain: Domain) -> QuerySet[Manager]:
    """Return the managers of a domain with their accounts, by name."""
    return Manager.objects.filter(domain=domain).select_related("user").order_by("user__user_name_key", "id")


def account_of(domain: Domain, user_name: str) -> User | None:
    """Return the domain's user of this name, with her role if she has one."""
    named = User.objects.select_related("manager").filter(user_name_key=comparison_key(user_name))
    return named.filter(domain=domain).first()


def appoint(domain: Domain, appointment: Appointment, password: str, actor: Actor) -> Manager:
    """Make somebody a manager with this password: the account of that name, which Entra may have made, or a new one.

    Raises ManagesAlreadyError, DisabledError, TooLongError.
    """
    try:
        with transaction.atomic():
            user = account_of(domain, appointment.email) or _new_account(domain, appointment, actor)
            if not user.is_active:
                raise DisabledError(appointment.email)
            set_password(user, password)
            return Manager.objects.create(
                domain=domain,
                user=user,
                role=appointment.role,
                login_email=appointment.email,
                invited_by_name=appointment.by,
            )
    except IntegrityError as error:
        raise ManagesAlreadyError(appointment.email) from error


def change_role(manager: Manager, role: Role) -> None:
    """Give a manager another role, which counts from her next request. Raises LastOwnerError."""
    with transaction.atomic():
        if role != Role.OWNER:
            _keep_an_owner(manager)
        Manager.objects.filter(pk=manager.pk).update(role=role)


def remove(manager: Manager) -> None:
    """Take her role and her password from her; the account stays among the users. Raises LastOwnerError.

    What she connected goes on; her sessions, links and unredeemed codes end.
    """
    with transaction.atomic():
        _keep_an_owner(manager)
        manager.delete()
        without_password(manager.user)


def _keep_an_owner(manager: Manager) -> None:
    """Let those who change roles in one domain take turns: two owners who demote each other must not both succeed."""
    Domain.objects.select_for_update(no_key=True).get(pk=manager.domain_id)
    owners = Manager.objects.filter(domain_id=manager.domain_id, role=Role.OWNER)
    is_owner = owners.filter(pk=manager.pk).exists()
    if is_owner and not owners.filter(user__active=True).exclude(pk=manager.pk).exists():
        raise LastOwnerError(manager.user.user_name)


def _new_account(domain: Domain, appointment: Appointment, actor: Actor) -> User:
    columns = {"user_name": appointment.email, "active": True, "display_name": appointment.email}
    preferred = {"preferredLanguage": appointment.language}
    values = Values(columns, attributes=preferred, comparable=preferred)  # its code is its own comparison key
    row = Directory(tenant(domain), actor).create(USERS, values)
    return User.objects.get(domain=domain, id=row["id"])

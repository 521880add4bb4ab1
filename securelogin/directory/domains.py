"""Domains themselves, and the accounts that run them: what a domain's own Directory cannot be asked."""

from django.db import transaction

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, Role, User
from securelogin.directory.names import new_domain_name


def create_domain(name: str, display_name: str = "") -> Domain:
    """Create a tenant. Raises BadDomainNameError for a name that is none, reserved, taken, or looks taken."""
    with transaction.atomic():
        taken = frozenset(Domain.objects.values_list("name", flat=True))
        return Domain.objects.create(name=new_domain_name(name, taken), display_name=display_name or name)


def find_domain(name: str) -> Domain | None:
    """Return the tenant of this name, for operators' commands: pages must not tell which domains exist."""
    return Domain.objects.filter(name=name, kind=Domain.Kind.TENANT).first()


def suspend(domain: Domain) -> None:
    """Refuse the domain's connections and sign-ins while this lasts; nothing that it has is lost."""
    _move(domain, Domain.State.SUSPENDED)


def resume(domain: Domain) -> None:
    """Let a suspended domain go on where it stopped."""
    _move(domain, Domain.State.ACTIVE)


def _move(domain: Domain, state: Domain.State) -> None:
    domain.state = state
    domain.save(update_fields=["state"])


def tenant(domain: Domain) -> Tenant:
    return Tenant(domain.id, domain.name, domain.schema_version)


def create_manager(domain: Domain, user_name: str, password: str, role: Role, actor: Actor) -> Manager:
    """Create a local account with a password and give it a role, or nothing. Raises NameTakenError, TooLongError."""
    columns = {"user_name": user_name, "active": True, "display_name": user_name}
    with transaction.atomic():
        row = Directory(tenant(domain), actor).create(USERS, Values(columns))
        user = User.objects.get(domain=domain, id=row["id"])
        set_password(user, password)
        login_email = user_name if "@" in user_name else ""
        return Manager.objects.create(domain=domain, user=user, role=role, login_email=login_email)


def set_password(user: User, password: str) -> None:
    """Give an account a password; every session and link from before ends (the hash is part of what they carry)."""
    user.set_password(password)
    user.save(update_fields=["password"])

"""Domains themselves, and the accounts that run them: what a domain's own Directory cannot be asked."""

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, Role, User


def create_domain(name: str, display_name: str = "") -> Domain:
    """Create a tenant. Raises ValidationError for a name that is no ASCII label."""
    return Domain.objects.create(name=name, display_name=display_name or name)


def tenant(domain: Domain) -> Tenant:
    return Tenant(domain.id, domain.name, domain.schema_version)


def create_manager(domain: Domain, user_name: str, password: str, role: Role, actor: Actor) -> Manager:
    """Create a local account with a password and give it a role. Raises NameTakenError, TooLongError."""
    directory = Directory(tenant(domain), actor)
    row = directory.create(USERS, Values({"user_name": user_name, "active": True, "display_name": user_name}))
    user = User.objects.get(domain=domain, id=row["id"])
    user.set_password(password)
    user.save(update_fields=["password"])
    email = user_name if "@" in user_name else ""
    return Manager.objects.create(domain=domain, user=user, role=role, login_email=email)

"""Domains themselves, and the accounts that run them: what a domain's own Directory cannot be asked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, Role, User
from securelogin.directory.names import new_domain_name

# How long a domain that is to be deleted waits, suspended, for somebody who says that this was a mistake.
PURGE_DELAY = timedelta(days=14)


class WaitsForPurgeError(Exception):
    """The domain is about to be deleted: that has to be cancelled before it can go on."""


class BeingPurgedError(Exception):
    """The deletion of the domain is due: housekeeping may have begun with it."""


def create_domain(name: str, display_name: str = "") -> Domain:
    """Create a tenant. Raises BadDomainNameError for a name that is none, reserved, taken, or looks taken."""
    with transaction.atomic():
        return Domain.objects.create(name=new_domain_name(name, _names()), display_name=display_name or name)


def find_domain(name: str) -> Domain | None:
    """Return the tenant of this name, for operators' commands: pages must not tell which domains exist."""
    return Domain.objects.filter(name=name, kind=Domain.Kind.TENANT).first()


def suspend(domain: Domain) -> None:
    """Refuse the domain's connections and sign-ins while this lasts; nothing that it has is lost."""
    _move(domain, Domain.State.SUSPENDED)


def resume(domain: Domain) -> None:
    """Let a suspended domain go on where it stopped. Raises WaitsForPurgeError."""
    with transaction.atomic():
        if _locked(domain).purge_after is not None:
            raise WaitsForPurgeError(domain.name)
        _move(domain, Domain.State.ACTIVE)


def rename(domain: Domain, name: str, display_name: str) -> None:
    """Give a domain another name, another display name, or both. Raises BadDomainNameError as `create_domain` does."""
    with transaction.atomic():
        if name != domain.name:
            name = new_domain_name(name, _names().difference([domain.name]))
        domain.name, domain.display_name = name, display_name
        domain.save(update_fields=["name", "display_name"])


def delete_later(domain: Domain) -> None:
    """Suspend the domain now and let housekeeping delete it, with all that is in it, once PURGE_DELAY has passed."""
    with transaction.atomic():
        _locked(domain)
        domain.state, domain.purge_after = Domain.State.SUSPENDED, timezone.now() + PURGE_DELAY
        domain.save(update_fields=["state", "purge_after"])


def keep(domain: Domain) -> None:
    """Cancel the deletion. The domain stays suspended until it is resumed. Raises BeingPurgedError."""
    with transaction.atomic():
        due = _locked(domain).purge_after
        if due is not None and due <= timezone.now():
            raise BeingPurgedError(domain.name)
        domain.purge_after = None
        domain.save(update_fields=["purge_after"])


def _locked(domain: Domain) -> Domain:
    return Domain.objects.select_for_update(no_key=True).get(pk=domain.pk)


def _names() -> frozenset[str]:
    return frozenset(Domain.objects.values_list("name", flat=True))


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


def without_password(user: User) -> None:
    """Let nobody sign in with a password of hers any more; every session and link from before ends."""
    user.set_unusable_password()
    user.save(update_fields=["password"])

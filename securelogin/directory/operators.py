"""Operators: who runs the installation. Users of a domain of its own kind, which nothing can be provisioned into."""

from django.db import transaction

from securelogin.directory.credential import Actor
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import set_password, tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Operator, User
from securelogin.directory.text import comparison_key

# Reserved, so that no tenant can be called so (names.py).
NAME = "operators"


def operators_domain() -> Domain:
    """Return the operators' own domain, made when it is first asked for."""
    domain, _made = Domain.objects.get_or_create(
        name=NAME, defaults={"kind": Domain.Kind.OPERATORS, "display_name": "SecureLogin"}
    )
    return domain


def create_operator(user_name: str, password: str, actor: Actor) -> Operator:
    """Create an operator's account, or nothing. Raises NameTakenError, TooLongError."""
    values = Values({"user_name": user_name, "active": True, "display_name": user_name})
    with transaction.atomic():
        domain = operators_domain()
        row = Directory(tenant(domain), actor).create(USERS, values)
        user = User.objects.get(domain=domain, id=row["id"])
        set_password(user, password)
        return Operator.objects.create(domain=domain, user=user)


def renew_password(user_name: str, password: str) -> bool:
    """Give an operator another password, which ends her sessions. Tells whether there is such an operator."""
    user = User.objects.filter(operator__isnull=False, user_name_key=comparison_key(user_name)).first()
    if user is None:
        return False
    set_password(user, password)
    return True

"""Making people for the tests: all of them sign in with PASSWORD."""

from django.contrib.auth.hashers import make_password

from securelogin.directory.models import Domain, Manager, User
from securelogin.directory.text import comparison_key

PASSWORD = "correct horse battery"


def make_user(domain: Domain, user_name: str, role: str | None = None) -> User:
    """Create somebody, who manages the domain if a role is given."""
    user = User.objects.create(
        domain=domain,
        user_name=user_name,
        user_name_key=comparison_key(user_name),
        password=make_password(PASSWORD),
    )
    if role is not None:
        Manager.objects.create(domain=domain, user=user, role=role)
    return user

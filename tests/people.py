"""Making people for the tests, through the door that everyone uses: all of them sign in with PASSWORD."""

from securelogin.directory.credential import Actor
from securelogin.directory.directory import USERS, Directory
from securelogin.directory.domains import set_password, tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Manager, User

PASSWORD = "correct horse battery"
ACTOR = Actor("command", "tests", "The tests")


def make_user(domain: Domain, user_name: str, role: str | None = None) -> User:
    """Create somebody, who manages the domain if a role is given."""
    row = Directory(tenant(domain), ACTOR).create(USERS, Values({"user_name": user_name, "active": True}))
    user = User.objects.get(domain=domain, id=row["id"])
    set_password(user, PASSWORD)
    if role is not None:
        Manager.objects.create(domain=domain, user=user, role=role)
    return user

"""People and groups for the pages to show, made through the door that everyone uses."""

from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.domains import tenant
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain
from tests.people import ACTOR


def fill(domain: Domain, people: int, since: int = 0) -> None:
    """Make people, every second one disabled, and a group of the first seven."""
    door = Directory(tenant(domain), ACTOR)
    ids = [
        door.create(
            USERS,
            Values({"user_name": f"p{n:03}@acme.example", "active": n % 2 == 0, "display_name": f"Pérson {n:03}"}),
        )["id"]
        for n in range(since, since + people)
    ]
    door.create(GROUPS, Values({"display_name": f"Sales & <Ops> {since or ''}"}), ids[:7])

"""A domain whose deletion guard holds: people who have been there for long enough, and an Entra that removes them."""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from securelogin.directory.credential import Actor
from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.domains import tenant
from securelogin.directory.errors import HeldError
from securelogin.directory.guard import Thresholds, set_thresholds
from securelogin.directory.keys import Values
from securelogin.directory.models import Domain, Group, User

ENTRA = Actor("connection", "0", "Entra")


def hold(domain: Domain, people: int) -> list[str]:
    """Let Entra remove so many users and one group while none but the first user may go; return their ids."""
    set_thresholds(domain, Thresholds(most=1))
    door = Directory(tenant(domain), ENTRA)
    ids = [
        door.create(USERS, Values({"user_name": f"h{n:03}@acme.example", "display_name": f"Pérson {n:03}"}))["id"]
        for n in range(people + 1)
    ]
    group = door.create(GROUPS, Values({"display_name": "Sales"}))["id"]
    for model in (User, Group):
        model.objects.filter(domain=domain).update(created=timezone.now() - timedelta(days=2))
    for table, each in [*((USERS, one) for one in ids), (GROUPS, group)]:
        with suppress(HeldError):
            door.delete(table, each)
    return ids[1:]

"""manage.py restore acme 01a2b3c4-0000-7000-8000-000000000000"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from securelogin.directory.directory import Directory
from securelogin.directory.domains import tenant
from securelogin.directory.errors import MissingError, NameTakenError
from securelogin.directory.retry import repeated
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain


class Command(OperatorCommand):
    help = "Bring back a user or group that was deleted, with the same id and the memberships that are still there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("id", type=UUID, help="of the user or group, as the trash and the provisioning log show it")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        try:
            row, missing = repeated(Directory(tenant(domain), ACTOR).restore)(options["id"])
        except MissingError as error:
            raise CommandError(
                f"{domain.name} has nothing with the id {options['id']} in its trash. It may be restored already, "
                "deleted for good, or of another domain."
            ) from error
        except NameTakenError as error:
            raise CommandError(
                f"The name {error.name} belongs to another by now, with the id {error.existing_id}. "
                "Rename or delete that one in Entra first."
            ) from error
        return {
            "domain": domain.name,
            "id": row["id"],
            "name": row.get("user_name") or row["display_name"],
            "memberships_gone": " ".join(missing),
        }

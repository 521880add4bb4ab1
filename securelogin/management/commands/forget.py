"""manage.py forget acme ann@acme.example"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from oauth.connections import forget_author
from securelogin.directory.forgetting import StillThereError, departed, forget
from securelogin.management.operator import OperatorCommand, existing_domain
from securelogin.signin.invitations import forget_inviter


class Command(OperatorCommand):
    help = "Forget a person who has been deleted: journal, logbook and connections lose what names her, for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("user", help="the userName she had at the end, or her id")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        try:
            people = departed(domain, options["user"])
        except StillThereError as error:
            raise CommandError(
                f"{domain.name} has a user {options['user']}. Delete her first, in Entra; "
                "or give the id of an earlier one of that name."
            ) from error
        done = [forget(domain, person) for person in people]
        return {
            "domain": domain.name,
            "people": " ".join(map(str, people)),
            "changes": str(sum(each.changes for each in done)),
            "logbook_lines": str(sum(each.logbook_lines for each in done)),
            "tombstones": str(sum(each.tombstones for each in done)),
            "connections": str(sum(forget_author(domain, each.names) for each in done)),
            "invited": str(sum(forget_inviter(domain, each.names) for each in done)),
        }

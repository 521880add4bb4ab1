"""manage.py release_held acme"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from securelogin.directory.guard import release
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain, guard_facts


class Command(OperatorCommand):
    help = "Release what a domain's deletion guard holds: for a day, everything may go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        if not release(domain, ACTOR.label):
            raise CommandError(f"The deletion guard of {domain.name} holds nothing.")
        return guard_facts(domain)

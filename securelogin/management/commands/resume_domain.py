"""manage.py resume_domain acme"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from securelogin.directory.domains import WaitsForPurgeError, resume
from securelogin.management.operator import OperatorCommand, existing_domain


class Command(OperatorCommand):
    help = "Let a suspended domain go on, with all that it had."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        try:
            resume(domain)
        except WaitsForPurgeError as error:
            raise CommandError(f"{domain.name} is about to be deleted. Cancel that under /operator/ first.") from error
        return {"domain": domain.name, "state": domain.state}

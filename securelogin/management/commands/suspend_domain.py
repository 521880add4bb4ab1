"""manage.py suspend_domain acme"""

from argparse import ArgumentParser
from typing import Any

from securelogin.directory.domains import suspend
from securelogin.management.operator import OperatorCommand, existing_domain


class Command(OperatorCommand):
    help = "Suspend a domain: nothing of it is answered and nobody signs in, until it is resumed. Nothing is lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        suspend(domain)
        return {"domain": domain.name, "state": domain.state}

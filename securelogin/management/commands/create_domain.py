"""manage.py create_domain acme"""

from argparse import ArgumentParser
from typing import Any

from securelogin.management.operator import OperatorCommand, new_domain


class Command(OperatorCommand):
    help = "Create a domain: a tenant with people and groups of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="one word of letters, digits and hyphens, as in acme")
        parser.add_argument("--display-name", default="", help="the name on its pages")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = new_domain(options["name"], options["display_name"])
        return {"domain": domain.name, "id": str(domain.id)}

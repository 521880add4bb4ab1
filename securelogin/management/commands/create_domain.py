"""manage.py create_domain acme"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from securelogin.directory.domains import create_domain
from securelogin.directory.names import BadDomainNameError
from securelogin.management.operator import OperatorCommand


class Command(OperatorCommand):
    help = "Create a domain: a tenant with people and groups of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="one word of letters, digits and hyphens, as in acme")
        parser.add_argument("--display-name", default="", help="the name on its pages")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        try:
            domain = create_domain(options["name"], options["display_name"])
        except BadDomainNameError as error:
            raise CommandError(str(error)) from error
        return {"domain": domain.name, "id": str(domain.id)}

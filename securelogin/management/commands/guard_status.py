"""manage.py guard_status acme"""

from argparse import ArgumentParser
from typing import Any

from securelogin.management.operator import OperatorCommand, existing_domain, guard_facts


class Command(OperatorCommand):
    help = "Show a domain's deletion guard: what may go in how long, what it holds, and what was decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        return guard_facts(existing_domain(options["domain"]))

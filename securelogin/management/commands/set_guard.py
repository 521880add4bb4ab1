"""manage.py set_guard acme --most 200 --percent 5 --minutes 60"""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError

from securelogin.directory.guard import RANGES, guard_of, set_thresholds, thresholds_of
from securelogin.management.operator import OperatorCommand, existing_domain, guard_facts

_OPTIONS = {
    "most": "how many users, or groups, may go",
    "percent": "or which share of all, whichever is less",
    "minutes": "within how many minutes",
    "newcomer_hours": "who came later than so many hours ago does not count",
}


class Command(OperatorCommand):
    help = "Set how much provisioning may remove in a short time before a manager is asked; what is not named stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_true", default=None, dest="is_on", help="switch it on")
        switch.add_argument("--off", action="store_false", default=None, dest="is_on", help="switch it off")
        for name, meaning in _OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="NUMBER", help=meaning)

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        named = {name: options[name] for name in ("is_on", *_OPTIONS) if options[name] is not None}
        for name, number in named.items():
            lowest, highest = RANGES.get(name, (0, 1))
            if not lowest <= number <= highest:
                raise CommandError(f"--{name.replace('_', '-')} is a number from {lowest} to {highest}.")
        set_thresholds(domain, replace(thresholds_of(guard_of(domain)), **named))
        return guard_facts(existing_domain(domain.name))

"""What the operator's commands share: who acts, how a domain is named, and how an answer is printed."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from oauth.models import Application
from securelogin.directory.credential import Actor
from securelogin.directory.domains import create_domain, find_domain
from securelogin.directory.models import Domain
from securelogin.directory.names import BadDomainNameError

ACTOR = Actor("command", "manage.py", "Operator's command")


class OperatorCommand(BaseCommand):
    """A command that answers with facts: for people a line each, with --json one object for scripts."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        facts = self.facts(options)
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        width = max(map(len, facts))
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' '):{width}}  {value}")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        """Do it, and return what to tell. Raises CommandError with a sentence."""
        raise NotImplementedError


def existing_domain(name: str) -> Domain:
    """Return the domain, or end the command saying how to make it."""
    domain = find_domain(name)
    if domain is None:
        raise CommandError(f"There is no domain {name}. Make it with: manage.py create_domain {name}")
    return domain


def new_domain(name: str, display_name: str = "") -> Domain:
    """Make the domain, or end the command saying why it cannot be made."""
    longest = Domain._meta.get_field("display_name").max_length or 0  # noqa: SLF001  # a documented API of Django
    if len(display_name) > longest:
        raise CommandError(f"The display name has {len(display_name)} characters; {longest} is the most.")
    try:
        return create_domain(name, display_name)
    except BadDomainNameError as error:
        raise CommandError(str(error)) from error
    except IntegrityError as error:
        raise CommandError(f"A domain {name} was made at this moment by somebody else.") from error


def existing_client(client_id: str) -> Application:
    """Return the OAuth client, or end the command saying how to make one."""
    application = Application.objects.filter(client_id=client_id).first()
    if application is None:
        raise CommandError(f"There is no client {client_id}. Make one with: manage.py create_client")
    return application


def lifetime(option: str, days: int) -> timedelta:
    """Return so many days, or end the command when nobody can mean so many."""
    if not 1 <= days <= 3660:
        raise CommandError(f"{option} is a number from 1 to 3660.")
    return timedelta(days=days)

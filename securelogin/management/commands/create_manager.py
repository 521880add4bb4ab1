"""manage.py create_manager acme ann@acme.example --role owner"""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from securelogin.directory.domains import create_manager
from securelogin.directory.errors import DirectoryError, NameTakenError
from securelogin.directory.models import Manager, Role
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain
from securelogin.management.passwords import given_password


class Command(OperatorCommand):
    help = "Create a manager's account in a domain; without --password-stdin a password is made up and printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("username", help="what she signs in with; an e-mail address is her address for mail too")
        parser.add_argument("--role", choices=Role.values, default=Role.OWNER)
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        _check(options["username"])
        password = given_password() if options["password_stdin"] else secrets.token_urlsafe(16)
        try:
            create_manager(domain, options["username"], password, Role(options["role"]), ACTOR)
        except NameTakenError as error:
            raise CommandError(f"{domain.name} has a user {options['username']} already.") from error
        except DirectoryError as error:
            raise CommandError(f"The username cannot be stored: {error}.") from error
        facts = {"domain": domain.name, "username": options["username"], "role": options["role"]}
        return facts if options["password_stdin"] else facts | {"password": password}


def _check(username: str) -> None:
    longest = Manager._meta.get_field("login_email").max_length or 0  # noqa: SLF001  # a documented API of Django
    if not username.strip():
        raise CommandError("The username is empty. Give an e-mail address, or a name.")
    if "@" in username and len(username) > longest:
        raise CommandError(f"The e-mail address has {len(username)} characters; {longest} is the most.")

"""manage.py create_operator ann@hosting.example"""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from securelogin.directory.errors import DirectoryError, NameTakenError
from securelogin.directory.operators import create_operator, renew_password
from securelogin.management.operator import ACTOR, OperatorCommand
from securelogin.management.passwords import given_password


class Command(OperatorCommand):
    help = (
        "Create an operator's account, for the pages under /operator/; without --password-stdin a password is made up."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username", help="what she signs in with, as in ann@hosting.example")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--renew", action="store_true", help="give an operator who is there another password")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        username = options["username"]
        if not username.strip():
            raise CommandError("The username is empty. Give an e-mail address, or a name.")
        password = given_password() if options["password_stdin"] else secrets.token_urlsafe(16)
        if not options["renew"]:
            _create(username, password)
        elif not renew_password(username, password):
            raise CommandError(f"There is no operator {username}. Leave --renew out to make one.")
        facts = {"username": username, "sign_in": f"{settings.PUBLIC_URL}/operator/"}
        return facts if options["password_stdin"] else facts | {"password": password}


def _create(username: str, password: str) -> None:
    try:
        create_operator(username, password, ACTOR)
    except NameTakenError as error:
        raise CommandError(f"There is an operator {username} already. --renew gives her another password.") from error
    except DirectoryError as error:
        raise CommandError(f"The username cannot be stored: {error}.") from error

"""manage.py create_client_secret CLIENT_ID --days 365"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from oauth.secrets import BadLifetimeError, TooManySecretsError, add_secret
from securelogin.management.operator import OperatorCommand, existing_client, optional_lifetime


class Command(OperatorCommand):
    help = "Give an OAuth client one more secret, printed once; its other secrets go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("client_id")
        parser.add_argument(
            "--days",
            type=int,
            help="how long it is valid; left out: for ever, or two years for a domain's own client",
        )

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        valid = optional_lifetime("--days", options["days"])
        application = existing_client(options["client_id"])
        try:
            return {"client_id": application.client_id, "client_secret": add_secret(application, valid)}
        except TooManySecretsError as error:
            raise CommandError(f"{error} manage.py expire_client_secret lists them.") from error
        except BadLifetimeError as error:
            raise CommandError(str(error)) from error

"""manage.py create_client --redirect-uri https://portal.azure.com/TokenAuthorize"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from oauth.applications import ENTRA_REDIRECT_URIS, create_entra_application
from securelogin.management.operator import OperatorCommand, optional_lifetime


class Command(OperatorCommand):
    help = "Create the OAuth client that Entra presses Authorize with; its secret is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", default="Microsoft Entra ID")
        parser.add_argument("--redirect-uri", action="append", help="may be repeated; Entra's own if it is left out")
        parser.add_argument("--secret-days", type=int, help="how long the secret is valid; for ever if left out")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        valid = optional_lifetime("--secret-days", options["secret_days"])
        try:
            application, secret = create_entra_application(
                options["name"], options["redirect_uri"] or ENTRA_REDIRECT_URIS, valid
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return {
            "client_id": application.client_id,
            "client_secret": secret,
            "authorization_url": f"{settings.PUBLIC_URL}/oauth/authorize",
            "token_url": f"{settings.PUBLIC_URL}/oauth/token",
            "redirect_uris": application.redirect_uris,
        }

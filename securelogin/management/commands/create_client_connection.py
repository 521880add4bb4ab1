"""manage.py create_client_connection acme"""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from oauth.applications import ClientTerms, connect_client
from oauth.connections import BadTermsError
from securelogin.management.operator import AUTHOR, OperatorCommand, existing_domain, lifetime


class Command(OperatorCommand):
    help = "Connect a domain by OAuth client credentials: a client of its own, whose secret is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("--name", default="Microsoft Entra ID", help="what the logbook calls the client")
        parser.add_argument("--read-only", action="store_true", help="scope scim:read instead of scim")
        parser.add_argument("--token-hours", type=int, default=1, help="how long an access token is valid, 1 to 6")
        parser.add_argument("--secret-days", type=int, default=730, help="how long the secret is valid, 365 to 1096")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        connection, secret = connect_client(domain, _terms(options), AUTHOR)
        return {
            "domain": domain.name,
            "tenant_url": f"{settings.PUBLIC_URL}/scim/v2",
            "token_url": f"{settings.PUBLIC_URL}/oauth/token",
            "client_id": connection.application.client_id if connection.application else "",
            "client_secret": secret,
            "scope": connection.scope,
            "connection": str(connection.pk),
        }


def _terms(options: dict[str, Any]) -> ClientTerms:
    if not 1 <= options["token_hours"] <= 6:
        raise CommandError("--token-hours is a number from 1 to 6.")
    try:
        return ClientTerms(
            options["name"],
            "scim:read" if options["read_only"] else "scim",
            token_lifetime=timedelta(hours=options["token_hours"]),
            secret_lifetime=lifetime("--secret-days", options["secret_days"]),
        )
    except BadTermsError as error:
        raise CommandError(str(error)) from error

"""manage.py expire_client_secret CLIENT_ID --id SECRET_ID"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from oauth.models import ApplicationSecret
from oauth.secrets import expire, valid_secrets
from securelogin.management.operator import OperatorCommand, existing_client


class Command(OperatorCommand):
    help = "List the valid secrets of an OAuth client by id, or end the one that --id names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("client_id")
        parser.add_argument("--id", type=UUID, help="the secret to end; left out, the valid ones are listed")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        application = existing_client(options["client_id"])
        secrets = valid_secrets(application)
        if options["id"] is None:
            return {"client_id": application.client_id} | {str(each.pk): _described(each) for each in secrets}
        secret = secrets.filter(pk=options["id"]).first()
        if secret is None:
            raise CommandError("This client has no valid secret of that id. Leave --id out to list them.")
        expire(secret)
        return {"client_id": application.client_id, "expired": str(secret.pk)}


def _described(secret: ApplicationSecret) -> str:
    until = "for ever" if secret.not_after is None else f"until {secret.not_after:%Y-%m-%d %H:%M}"
    used = "never used" if secret.last_used is None else f"last used {secret.last_used:%Y-%m-%d %H:%M}"
    return f"created {secret.created:%Y-%m-%d %H:%M}, valid {until}, {used}"

"""manage.py revoke_connections acme"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from oauth.models import Connection
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain


class Command(OperatorCommand):
    help = "End the connections of a domain for good, with their codes and tokens: all of them, or one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("--connection", type=UUID, help="the id of the one to end; all if it is left out")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        live = Connection.objects.filter(domain=domain).exclude(state=Connection.State.REVOKED).order_by("id")
        one = options["connection"]
        ended = list(live if one is None else live.filter(pk=one))
        if one is not None and not ended:
            raise CommandError(f"{domain.name} has no connection {one} that is not revoked already.")
        for connection in ended:
            connection.revoke(ACTOR.label)
        return {"domain": domain.name, "revoked": str(len(ended))} | {str(each.pk): each.name for each in ended}

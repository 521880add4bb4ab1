"""manage.py list_connections acme"""

from argparse import ArgumentParser
from typing import Any

from oauth.connections import connections_of
from oauth.models import Connection
from securelogin.management.operator import ListingCommand, existing_domain, moment


class Command(ListingCommand):
    help = "List the connections of a domain, newest first, those that have ended too."
    noun = "connections"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def rows(self, options: dict[str, Any]) -> list[dict[str, str]]:
        return [_row(connection) for connection in connections_of(existing_domain(options["domain"]))]


def _row(connection: Connection) -> dict[str, str]:
    return {
        "id": str(connection.pk),
        "kind": connection.kind,
        "name": connection.name,
        "state": connection.state,
        "scope": connection.scope,
        "created": moment(connection.created, ""),
        "by": connection.authorized_by_name,
        "author": connection.authorship,
        "last_used": moment(connection.last_used, "never"),
        "client_id": connection.application.client_id if connection.application else "",
    }

"""manage.py revoke_key acme KEY_ID"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from oauth import keys
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain, existing_key


class Command(OperatorCommand):
    help = "End an access key for good, at once; with the last one of its line, the connection ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("key", type=UUID, help="its id, as list_keys prints it")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        key = existing_key(domain, options["key"])
        keys.revoke_key(key, ACTOR.label)
        key.connection.refresh_from_db()
        return {"domain": domain.name, "revoked": str(key.pk), "connection": key.connection.state}

"""manage.py list_keys acme"""

from argparse import ArgumentParser
from typing import Any

from oauth.keys import keys_of
from oauth.models import AccessKey
from securelogin.management.operator import ListingCommand, existing_domain, moment


class Command(ListingCommand):
    help = "List the access keys of a domain, newest first, those that are over too."
    noun = "keys"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")

    def rows(self, options: dict[str, Any]) -> list[dict[str, str]]:
        return [_row(key) for key in keys_of(existing_domain(options["domain"]))]


def _row(key: AccessKey) -> dict[str, str]:
    return {
        "id": str(key.pk),
        "key": str(key),
        "name": key.connection.name,
        "scope": key.connection.scope,
        "state": "over" if key.is_over else key.connection.state,
        "created": moment(key.created, ""),
        "by": key.author_name,
        "expires": moment(key.not_after, "never"),
        "last_used": moment(key.last_used, "never"),
        "from": key.last_used_ip or "",
    }

"""manage.py rotate_key acme KEY_ID"""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError

from oauth.keys import KeyOverError, rotate_key
from securelogin.management.operator import (
    AUTHOR,
    OperatorCommand,
    existing_domain,
    existing_key,
    moment,
    optional_lifetime,
)


class Command(OperatorCommand):
    help = "Replace an access key by a new one, printed once; the old one goes on for a day, or as long as you say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("key", type=UUID, help="its id, as list_keys prints it")
        parser.add_argument(
            "--overlap-hours", type=int, default=24, help="how long the old key goes on; 24 if left out"
        )
        parser.add_argument("--days", type=int, help="how long the new key is valid; for ever if left out")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        if not 0 <= options["overlap_hours"] <= 24 * 90:
            raise CommandError("--overlap-hours is a number from 0 to 2160.")
        domain = existing_domain(options["domain"])
        old = existing_key(domain, options["key"])
        lifetime = optional_lifetime("--days", options["days"])
        try:
            new, text = rotate_key(old, AUTHOR, timedelta(hours=options["overlap_hours"]), lifetime)
        except KeyOverError as error:
            raise CommandError(str(error)) from error
        old.refresh_from_db()
        return {
            "domain": domain.name,
            "tenant_url": f"{settings.PUBLIC_URL}/scim/v2",
            "access_key": text,
            "expires": moment(new.not_after, "never"),
            "id": str(new.pk),
            "old_key_expires": moment(old.not_after, "never"),
        }

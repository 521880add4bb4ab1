"""manage.py create_key acme --create-domain"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from oauth.connections import BadTermsError
from oauth.keys import KeyTerms, generate_key
from securelogin.directory.domains import find_domain
from securelogin.management.operator import (
    AUTHOR,
    OperatorCommand,
    existing_domain,
    moment,
    new_domain,
    optional_lifetime,
)


class Command(OperatorCommand):
    help = "Create an access key for a domain, Entra's Secret Token; it is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("--create-domain", action="store_true", help="make the domain if it is not there")
        parser.add_argument("--name", default="Microsoft Entra ID", help="what the logbook calls whoever uses it")
        parser.add_argument("--days", type=int, help="how long the key is valid; for ever if left out")
        parser.add_argument("--read-only", action="store_true", help="scope scim:read instead of scim")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        scope = "scim:read" if options["read_only"] else "scim"
        try:
            terms = KeyTerms(options["name"], scope, optional_lifetime("--days", options["days"]))
        except BadTermsError as error:
            raise CommandError(str(error)) from error
        name = options["domain"]
        domain = find_domain(name) or new_domain(name) if options["create_domain"] else existing_domain(name)
        key, text = generate_key(domain, terms, AUTHOR)
        return {
            "domain": domain.name,
            "tenant_url": f"{settings.PUBLIC_URL}/scim/v2",
            "access_key": text,
            "scope": scope,
            "expires": moment(key.not_after, "never"),
            "id": str(key.pk),
        }

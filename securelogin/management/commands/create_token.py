"""manage.py create_token acme --create-domain"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from oauth.connections import issue_token
from securelogin.directory.domains import find_domain
from securelogin.management.operator import ACTOR, OperatorCommand, existing_domain, lifetime, new_domain


class Command(OperatorCommand):
    help = "Create an access token for a domain, as for a test suite; it is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("--create-domain", action="store_true", help="make the domain if it is not there")
        parser.add_argument("--days", type=int, default=30, help="how long the token is valid")
        parser.add_argument("--read-only", action="store_true", help="scope scim:read instead of scim")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        valid = lifetime("--days", options["days"])
        name = options["domain"]
        domain = find_domain(name) or new_domain(name) if options["create_domain"] else existing_domain(name)
        scope = "scim:read" if options["read_only"] else "scim"
        _, token = issue_token(domain, None, ACTOR.label, valid, [scope])
        return {"domain": domain.name, "tenant_url": f"{settings.PUBLIC_URL}/scim/v2", "token": token, "scope": scope}

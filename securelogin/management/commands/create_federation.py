"""manage.py create_federation acme --tenant-id GUID --subject GUID --audience api://GUID"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from oauth.connections import BadTermsError
from oauth.models import Connection
from oauth.trusts import TrustTerms, connect_federation
from securelogin.management.operator import AUTHOR, OperatorCommand, existing_domain


class Command(OperatorCommand):
    help = "Connect a domain by workload identity federation; prints what to paste into Entra, and no secret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("--tenant-id", required=True, metavar="GUID")
        parser.add_argument("--subject", required=True, metavar="GUID", help="the object id of the workload identity")
        parser.add_argument("--audience", required=True, action="append", help="may be repeated; as api://GUID")
        parser.add_argument("--issuer", default="", help="left out, that of the tenant in Entra's public cloud")
        parser.add_argument("--name", default="Microsoft Entra ID", help="what the logbook calls the client")
        parser.add_argument("--read-only", action="store_true", help="scope scim:read instead of scim")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        scope = "scim:read" if options["read_only"] else "scim"
        try:
            connection = connect_federation(domain, options["name"], scope, _terms(options), AUTHOR)
        except BadTermsError as error:
            raise CommandError(str(error)) from error
        return {"domain": domain.name, **_told(connection)}


def _terms(options: dict[str, Any]) -> TrustTerms:
    return TrustTerms(
        tenant_id=options["tenant_id"],
        subject=options["subject"],
        audiences=options["audience"],
        issuer=options["issuer"],
    )


def _told(connection: Connection) -> dict[str, str]:
    trust = connection.trust
    return {
        "tenant_url": f"{settings.PUBLIC_URL}/scim/v2",
        "token_url": f"{settings.PUBLIC_URL}/oauth/token",
        "client_id": connection.application.client_id if connection.application else "",
        "scope": connection.scope,
        "issuer": trust.issuer,
        "keys_url": trust.jwks_url,
        "subject": trust.subject,
        "audiences": " ".join(trust.audiences),
        "connection": str(connection.pk),
    }

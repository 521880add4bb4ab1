"""Entra as a workload identity: presents assertions at the token endpoint in place of a secret."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from oauth.connections import Author
from oauth.models import Connection, FederationTrust
from oauth.trusts import TrustTerms, connect_federation
from securelogin.directory.models import Domain
from tests.oauth.issuer import APPLICATION, SUBJECT, TENANT, FakeEntra
from tests.oauth.walk import FORM, Answer

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TERMS = {"tenant_id": TENANT, "subject": SUBJECT, "audiences": [f"api://{APPLICATION}"]}
AUTHOR = Author(None, "The tests", None)


@dataclass
class Workload:
    """A workload identity whom a domain trusts."""

    issuer: FakeEntra
    connection: Connection

    @classmethod
    def of(cls, issuer: FakeEntra, domain: Domain, scope: str = "scim", **changes: Any) -> "Workload":
        terms = TrustTerms(**{"issuer": issuer.name} | TERMS | changes)
        return cls(issuer, connect_federation(domain, "Entra", scope, terms, AUTHOR))

    @property
    def trust(self) -> FederationTrust:
        return FederationTrust.objects.get(connection=self.connection)

    @property
    def client_id(self) -> str:
        assert self.connection.application is not None
        return str(self.connection.application.client_id)

    def ask(self, assertion: str | None = None, header: str = "", **changes: str) -> Answer:
        """Call the token endpoint as Entra does; an empty parameter is left out."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.issuer.forge() if assertion is None else assertion,
            "scope": "scim",
            "resource": "https://login.example.com/scim/v2",
        } | changes
        body = urlencode({name: value for name, value in form.items() if value})
        return Client().post(
            "/oauth/token", body, content_type=FORM, headers={"Authorization": header} if header else {}
        )

    def verdicts(self) -> dict[str, bool]:
        return {row["check"]: row["passed"] for row in self.trust.last_verdict}

    def failed(self) -> list[str]:
        return [check for check, passed in self.verdicts().items() if not passed]

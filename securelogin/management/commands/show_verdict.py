"""manage.py show_verdict acme CONNECTION"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from oauth.federation import SENTENCES, Check
from oauth.models import FederationTrust
from oauth.trusts import last_verdict
from securelogin.directory.models import Domain
from securelogin.management.operator import OperatorCommand, existing_domain, moment


class Command(OperatorCommand):
    help = "Show how the last assertion that came for a connection by workload identity federation was judged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("connection", type=UUID, help="its id, as list_connections prints it")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        trust = _existing_trust(existing_domain(options["domain"]), options["connection"])
        verdict = last_verdict(trust)
        if verdict is None:
            return {"connection": str(trust.connection_id), "verdict": "no assertion has come yet"}
        said = "accepted" if verdict.failed is None else f"refused. {SENTENCES[verdict.failed.check]}"
        about = {"connection": str(trust.connection_id), "at": moment(trust.last_verdict_at, ""), "verdict": said}
        return about | {check.check: _described(check) for check in verdict.checks}


def _existing_trust(domain: Domain, connection_id: UUID) -> FederationTrust:
    trust = FederationTrust.objects.filter(connection=connection_id, connection__domain=domain).first()
    if trust is None:
        raise CommandError(
            f"{domain.name} has no connection {connection_id} of kind federation. "
            "manage.py list_connections lists them."
        )
    return trust


def _described(check: Check) -> str:
    return f"{'passed' if check.passed else 'FAILED'}  expected: {check.expected}  received: {check.received}"

"""Workload identity federation by command: what to paste into Entra, and what became of its last assertion."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.management.base import CommandError

from oauth.federation import SENTENCES
from oauth.models import Connection, FederationTrust
from securelogin.directory.models import Domain
from tests.management.running import run
from tests.oauth.issuer import APPLICATION, OTHER_TENANT, SUBJECT, TENANT, FakeEntra
from tests.oauth.workload import Workload

TERMS = ("--tenant-id", TENANT, "--subject", SUBJECT, "--audience", f"api://{APPLICATION}")


def create(*words: str) -> dict[str, Any]:
    return run("create_federation", "acme", *TERMS, *words)


def test_a_trust_is_made_and_what_entra_wants_to_know_is_printed(acme: Domain) -> None:
    made = create()
    connection = Connection.objects.get()
    assert connection.application is not None
    assert made == {
        "domain": "acme",
        "tenant_url": "http://127.0.0.1:8000/scim/v2",
        "token_url": "http://127.0.0.1:8000/oauth/token",
        "client_id": connection.application.client_id,
        "scope": "scim",
        "issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "keys_url": f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys",
        "subject": SUBJECT,
        "audiences": f"api://{APPLICATION}",
        "connection": str(connection.pk),
    }


def test_a_trust_made_by_command_works(issuer: FakeEntra, acme: Domain) -> None:
    made = create("--issuer", issuer.name, "--audience", "api://second", "--read-only", "--name", "Entra of Acme")
    workload = Workload(issuer, Connection.objects.get(pk=made["connection"]))
    assert workload.ask(scope="").json()["scope"] == "scim:read"
    assert workload.ask(issuer.forge(aud="api://second"), scope="").status_code == 200
    assert workload.connection.name == "Entra of Acme"


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["--tenant-id", "acme.example"], "tenant id is a GUID"),
        (["--subject", "Entra"], "subject is a GUID"),
        (["--issuer", f"https://evil.example/{TENANT}/v2.0"], "issuer is https"),
        (["--name", ""], "name of 1 to"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_a_sentence(acme: Domain, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        create(*words)
    assert not FederationTrust.objects.exists()


def test_the_verdict_is_shown_check_by_check(workload: Workload) -> None:
    words = ("show_verdict", "acme", str(workload.connection.pk))
    assert run(*words)["verdict"] == "no assertion has come yet"
    workload.ask(workload.issuer.forge(sub=OTHER_TENANT))
    shown = run(*words)
    assert shown["verdict"] == f"refused. {SENTENCES['subject']}"
    assert shown["subject"] == f"FAILED  expected: {SUBJECT}  received: {OTHER_TENANT}"
    assert shown["signature"].startswith("passed")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", shown["at"])
    workload.ask()
    assert run(*words)["verdict"] == "accepted"


def test_another_domains_verdict_is_not_there(workload: Workload, umbra: Domain) -> None:
    with pytest.raises(CommandError, match="umbra has no connection"):
        run("show_verdict", "umbra", str(workload.connection.pk))
    with pytest.raises(CommandError, match="of kind federation"):
        run("show_verdict", "acme", str(uuid4()))

"""What is left of an assertion: the verdict on its trust, and a line in the logbook of its domain for each refusal."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oauth.federation import SENTENCES
from oauth.models import FederationTrust
from oauth.trusts import await_key, judge, last_verdict
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry
from tests.oauth.issuer import OTHER_TENANT, STRANGERS_KEY, SUBJECT
from tests.oauth.workload import Workload


def ago(workload: Workload, **past: float) -> None:
    """Let so much time pass since the last verdict."""
    FederationTrust.objects.filter(pk=workload.trust.pk).update(last_verdict_at=timezone.now() - timedelta(**past))


def writes(workload: Workload, assertion: str | None = None) -> int:
    with CaptureQueriesContext(
        database,
    ) as queries:
        workload.ask(assertion)
    return sum(query["sql"].startswith('UPDATE "oauth_federationtrust"') for query in queries)


def test_nothing_is_known_before_the_first(workload: Workload) -> None:
    assert last_verdict(workload.trust) is None


def test_the_last_verdict_stays_with_the_trust(workload: Workload) -> None:
    workload.ask(workload.issuer.forge(sub=OTHER_TENANT))
    verdict = last_verdict(workload.trust)
    assert verdict is not None
    assert verdict.failed is not None
    assert (verdict.failed.check, verdict.failed.expected, verdict.failed.received) == (
        "subject",
        SUBJECT,
        OTHER_TENANT,
    )
    assert workload.trust.last_verdict_at is not None


def test_the_same_again_is_written_every_few_minutes_only(workload: Workload) -> None:
    assert [writes(workload) for _ in range(3)] == [1, 0, 0]
    ago(workload, minutes=6)
    assert [writes(workload) for _ in range(2)] == [1, 0]


def test_a_verdict_that_differs_is_written_at_once(workload: Workload) -> None:
    workload.ask()
    assert writes(workload, workload.issuer.forge(aud="elsewhere")) == 1
    assert writes(workload) == 1


def test_a_stranger_cannot_hide_what_became_of_entras_own(workload: Workload) -> None:
    workload.ask(workload.issuer.forge(aud="elsewhere"))
    for forged in ("nonsense", workload.issuer.forge(key=STRANGERS_KEY)):
        assert writes(workload, forged) == 0
    assert workload.failed() == ["audience"]
    ago(workload, minutes=61)
    workload.ask("nonsense")
    assert workload.failed()[0] == "form"
    workload.ask()
    assert workload.failed() == []


def test_a_refusal_stands_in_the_logbook_of_the_domain_in_words(workload: Workload, umbra: Domain) -> None:
    theirs = Workload.of(workload.issuer, umbra)
    workload.ask(workload.issuer.forge(sub=OTHER_TENANT))
    line = Entry.objects.get()
    assert (line.domain_id, line.connection_id) == (workload.connection.domain_id, workload.connection.pk)
    assert (line.status, line.error_id, line.path) == (401, "invalid_client", "/oauth/token")
    assert line.detail == f"{SENTENCES['subject']} Expected: {SUBJECT}. Received: {OTHER_TENANT}."
    assert line.actor_label == workload.client_id
    assert not theirs.trust.last_verdict


def test_the_logbook_knows_more_than_a_stranger_hears(workload: Workload) -> None:
    heard = workload.ask(workload.issuer.forge(key=STRANGERS_KEY)).json()["error_description"]
    line = Entry.objects.get()
    assert line.domain_id == workload.connection.domain_id
    assert line.detail.startswith(SENTENCES["key"])
    assert SENTENCES["key"] not in heard


def test_no_assertion_is_in_a_line_or_in_the_log(workload: Workload, caplog: pytest.LogCaptureFixture) -> None:
    assertions = [workload.issuer.forge(), workload.issuer.forge(aud="elsewhere"), "eyJhbGciOiJub25lIn0.e30."]
    for assertion in assertions:
        workload.ask(assertion)
    Client().get(f"/scim/v2/Users?client_assertion={assertions[0]}")
    kept = str(list(Entry.objects.values())) + str(workload.trust.last_verdict) + caplog.text
    assert Entry.objects.count() == 4
    assert not any(assertion in kept for assertion in assertions)


def test_an_assertion_can_be_tried_without_leaving_anything(workload: Workload) -> None:
    trust, assertion = workload.trust, workload.issuer.forge(aud="elsewhere")
    await_key(trust, assertion)
    verdict = judge(trust, assertion)
    assert [check.check for check in verdict.checks if not check.passed] == ["audience"]
    assert (workload.trust.last_verdict, Entry.objects.count()) == ([], 0)


def test_a_token_costs_few_statements(workload: Workload) -> None:
    workload.ask()
    with CaptureQueriesContext(database) as queries:
        assert workload.ask().status_code == 200
    assert len(queries) <= 9, [query["sql"][:80] for query in queries]


def test_the_issuer_is_asked_before_the_transaction_begins(workload: Workload, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow issuer must not keep others from writing: on SQLite a transaction is the only writer."""
    blocks: list[int] = []
    monkeypatch.setattr("oauth.keyring.await_key", lambda *_: blocks.append(len(database.savepoint_ids)))
    outside = len(database.savepoint_ids)
    workload.ask()
    assert blocks == [outside]

"""Trusts: what one may say, one for each connection, and what changing it ends."""

from typing import Any

import pytest
from pytest_django import Settings

from oauth.connections import BadTermsError
from oauth.federation import SENTENCES
from oauth.issuers import UnknownIssuerError
from oauth.models import AccessToken, Connection, FederationTrust
from oauth.trusts import TrustTerms, change_trust, last_verdict
from securelogin.directory.models import Domain, User
from tests.oauth.issuer import APPLICATION, OTHER_TENANT, SUBJECT, TENANT, FakeEntra
from tests.oauth.walk import status_of
from tests.oauth.workload import TERMS, Workload

MADE_UP = "00000000-0000-4000-8000-000000000000"


def terms(**changes: Any) -> TrustTerms:
    return TrustTerms(**TERMS | changes)


def test_what_is_pasted_is_tidied() -> None:
    made = terms(tenant_id=f" {TENANT.upper()}\n", subject=SUBJECT.upper(), audiences=[" a ", "", "a", "b"])
    assert (made.tenant_id, made.subject, made.audiences) == (TENANT, SUBJECT, ["a", "b"])
    assert made.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"


@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"]
)
def test_each_of_entras_clouds_has_its_keys(host: str) -> None:
    trust = FederationTrust(issuer=terms(issuer=f"https://{host}/{TENANT}/v2.0").issuer)
    assert trust.jwks_url == f"https://{host}/{TENANT}/discovery/v2.0/keys"


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"tenant_id": "acme.onmicrosoft.com"}, "tenant id is a GUID"),
        ({"tenant_id": ""}, "tenant id is a GUID"),
        ({"tenant_id": f"{TENANT}/../{MADE_UP}"}, "tenant id is a GUID"),
        ({"subject": "Entra"}, "subject is a GUID"),
        ({"audiences": []}, "1 to 5 audiences"),
        ({"audiences": list("abcdef")}, "1 to 5 audiences"),
        ({"audiences": ["two words"]}, "no blanks"),
        ({"audiences": ["ü"]}, "no blanks"),
        ({"audiences": ["a" * 201]}, "at most 200"),
        ({"issuer": f"https://login.microsoftonline.com/{MADE_UP}/v2.0"}, "another tenant"),
        ({"issuer": f"https://login.microsoftonline.com/{TENANT}"}, "issuer is https"),
        ({"issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0/"}, "issuer is https"),
        ({"issuer": f"https://login.microsoftonline.com/{TENANT}/v2.0?x"}, "issuer is https"),
        ({"issuer": f"http://login.microsoftonline.com/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"https://login.microsoftonline.com:444/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"https://login.microsoftonline.com@evil.example/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"https://login.microsoftonline.com.evil.example/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"https://evil.example/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"https://sts.windows.net/{TENANT}/"}, "issuer is https"),
        ({"issuer": f"https://169.254.169.254/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"http://127.0.0.1/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"http://127.0.0.2:80/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"http://localhost.evil.example:80/{TENANT}/v2.0"}, "issuer is https"),
        ({"issuer": f"http://user@127.0.0.1:80/{TENANT}/v2.0"}, "issuer is https"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadTermsError, match=sentence):
        terms(**wrong)


def test_a_connection_that_cannot_be_is_not_half_made(issuer: FakeEntra, acme: Domain) -> None:
    with pytest.raises(BadTermsError, match="scope"):
        Workload.of(issuer, acme, "everything")
    assert not Connection.objects.exists()


def test_an_issuer_on_loopback_is_for_an_installation_there(workload: Workload, settings: Settings) -> None:
    assert workload.ask().status_code == 200
    settings.IS_LOOPBACK = False
    asked = workload.issuer.asked
    assert workload.ask().status_code == 401
    assert workload.issuer.asked == asked
    with pytest.raises(BadTermsError, match="issuer is https"):
        terms(issuer=workload.issuer.name)
    with pytest.raises(UnknownIssuerError):
        _ = workload.trust.jwks_url


def test_who_is_trusted_may_be_changed_and_the_old_tokens_end(workload: Workload) -> None:
    token = workload.ask().json()["access_token"]
    change_trust(workload.trust, terms(issuer=workload.issuer.name, subject=OTHER_TENANT))
    assert status_of(token) == 401
    assert last_verdict(workload.trust) is None
    assert workload.ask().json()["error_description"] == SENTENCES["subject"]
    changed = workload.issuer.forge(sub=OTHER_TENANT, oid=OTHER_TENANT)
    assert status_of(workload.ask(changed).json()["access_token"]) == 200


def test_changing_one_trust_leaves_the_others_alone(workload: Workload, umbra: Domain) -> None:
    theirs = Workload.of(workload.issuer, umbra)
    token = theirs.ask().json()["access_token"]
    change_trust(workload.trust, terms(issuer=workload.issuer.name, subject=OTHER_TENANT))
    assert (status_of(token), theirs.ask().status_code) == (200, 200)
    assert theirs.trust.subject == SUBJECT


def test_a_domain_may_trust_several(workload: Workload, acme: Domain) -> None:
    second = Workload.of(workload.issuer, acme, subject=OTHER_TENANT)
    assert workload.ask().status_code == 200
    assert second.ask().status_code == 401
    assert second.ask(workload.issuer.forge(sub=OTHER_TENANT, oid=OTHER_TENANT)).status_code == 200


def test_a_connection_that_has_been_ended_gets_no_token(workload: Workload) -> None:
    token = workload.ask().json()["access_token"]
    workload.connection.revoke("Alice")
    answer = workload.ask()
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert "has been ended" in answer.json()["error_description"]
    assert status_of(token) == 401


def test_a_suspended_domain_gets_no_token(workload: Workload, acme: Domain) -> None:
    token = workload.ask().json()["access_token"]
    Domain.objects.filter(pk=acme.pk).update(state=Domain.State.SUSPENDED)
    assert "suspended" in workload.ask().json()["error_description"]
    assert status_of(token) == 403
    Domain.objects.filter(pk=acme.pk).update(state=Domain.State.ACTIVE)
    assert (workload.ask().status_code, status_of(token)) == (200, 200)


def test_a_paused_connection_goes_on_getting_tokens(workload: Workload) -> None:
    Connection.objects.update(state=Connection.State.PAUSED)
    assert status_of(workload.ask().json()["access_token"]) == 503


def test_a_client_that_is_switched_off_gets_nothing(workload: Workload) -> None:
    assert workload.connection.application is not None
    workload.connection.application.is_active = False
    workload.connection.application.save()
    assert workload.ask().status_code == 401


def test_a_trust_is_made_with_its_client_and_its_author(issuer: FakeEntra, acme: Domain, alice: User) -> None:
    made = Workload.of(issuer, acme)
    assert (made.connection.kind, made.connection.state, made.connection.name) == ("federation", "active", "Entra")
    assert made.trust.audiences == [f"api://{APPLICATION}"]
    assert made.connection.trust == made.trust
    assert not AccessToken.objects.exists()

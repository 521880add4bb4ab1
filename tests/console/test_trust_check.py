"""Check a token: a manager sees how an assertion that she pastes would be judged, and nothing comes of it but that."""

from typing import Any

import pytest
from django.test import Client

from oauth.models import AccessToken, Connection, FederationTrust
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry
from tests.oauth.issuer import OTHER_TENANT, STRANGERS_KEY
from tests.oauth.workload import Workload


@pytest.fixture
def address(workload: Workload) -> str:
    return f"/d/acme/connection/{workload.connection.pk}/trust/check/"


def check(browser: Client, address: str, assertion: str) -> Any:
    return browser.post(address, {"assertion": assertion})


def test_a_right_token_passes_every_check(manager: Client, workload: Workload, address: str) -> None:
    page = check(manager, address, workload.issuer.forge()).content.decode()
    assert "This trust accepts the token." in page
    assert page.count(">Right<") == 13
    assert ">Wrong<" not in page


def test_what_is_wrong_is_marked_with_what_was_expected(manager: Client, workload: Workload, address: str) -> None:
    page = check(manager, address, workload.issuer.forge(sub="<b>someone</b>", tid=OTHER_TENANT)).content.decode()
    assert "does not accept the token" in page
    assert page.count(">Wrong<") == 2
    assert "&lt;b&gt;someone&lt;/b&gt;" in page
    assert workload.trust.subject in page
    assert OTHER_TENANT in page


@pytest.mark.parametrize("changes", [{}, {"sub": "someone"}, {"exp": 1}, {"key": STRANGERS_KEY}])
def test_the_page_and_a_call_judge_alike(
    manager: Client, workload: Workload, address: str, changes: dict[str, Any]
) -> None:
    assertion = workload.issuer.forge(**changes)
    judged = {each.check: each.passed for _, each, _ in check(manager, address, assertion).context["checks"]}
    workload.ask(assertion)
    assert judged == workload.verdicts()


@pytest.mark.parametrize("nonsense", ["nonsense", "a.b.c", "é", "x" * 9000])
def test_what_is_no_token_is_said_to_be_none(manager: Client, address: str, nonsense: str) -> None:
    answer = check(manager, address, nonsense)
    assert answer.status_code == 200
    assert "The assertion is not a signed JWT of the usual size." in answer.content.decode()


def test_nothing_pasted_is_asked_for_again(manager: Client, address: str) -> None:
    answer = check(manager, address, " \n ")
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()


def test_line_ends_that_copying_put_in_do_not_matter(manager: Client, workload: Workload, address: str) -> None:
    text = workload.issuer.forge()
    assert "accepts the token." in check(manager, address, f" {text[:80]}\r\n{text[80:]}\n").content.decode()


@pytest.mark.parametrize("right", [True, False])
def test_nothing_is_kept_given_or_sent_back(
    manager: Client,
    workload: Workload,
    address: str,
    right: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    assertion = workload.issuer.forge() if right else workload.issuer.forge(sub="someone")
    before = (Entry.objects.count(), FederationTrust.objects.values().get(), Connection.objects.values().get())
    answer = check(manager, address, assertion)
    assert assertion not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert not AccessToken.objects.exists()
    after = (Entry.objects.count(), FederationTrust.objects.values().get(), Connection.objects.values().get())
    assert after == before


def test_the_trust_of_another_domain_cannot_be_asked(neighbour: Client, workload: Workload, address: str) -> None:
    for there in (address, address.replace("/acme/", "/umbra/")):
        answer = check(neighbour, there, workload.issuer.forge())
        assert answer.status_code in {302, 404}
        assert workload.trust.subject.encode() not in answer.content
    assert workload.issuer.asked == 0


def test_an_auditor_may_not(auditor: Client, workload: Workload, address: str) -> None:
    assert check(auditor, address, workload.issuer.forge()).status_code == 403
    page = auditor.get(address.removesuffix("trust/check/")).content.decode()
    assert "Check a token" not in page


def test_the_connections_own_page_leads_there(manager: Client, address: str) -> None:
    assert f'href="{address}"' in manager.get(address.removesuffix("trust/check/")).content.decode()


def test_a_trust_that_is_over_judges_nothing(manager: Client, workload: Workload, address: str, acme: Domain) -> None:
    workload.connection.revoke("The tests")
    assert check(manager, address, workload.issuer.forge()).status_code == 404
    page = manager.get(address.removesuffix("trust/check/")).content.decode()
    assert "Check a token" not in page

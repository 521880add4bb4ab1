"""Workload identity federation: whom to trust is entered and changed; the last assertion is shown check by check."""

import pytest
from django.test import Client
from django.utils import timezone

from oauth.models import Connection, FederationTrust
from securelogin.logbook.models import Entry
from tests.console.forms import fill_in, said, shown
from tests.furniture import GUID

PAGE = "/d/acme/connection/"
CREATE = f"{PAGE}federation/"
OTHER = "00000000-1111-4222-8333-444455556666"
TERMS = {
    "name": "Entra",
    "scope": "scim",
    "tenant_id": GUID,
    "issuer": "",
    "subject": GUID,
    "audiences": f"api://{GUID}",
}


@pytest.fixture
def page(manager: Client) -> str:
    fill_in(manager, CREATE, **TERMS)
    return f"{PAGE}{Connection.objects.get().pk}/"


def test_a_trust_gives_the_values_to_paste(manager: Client) -> None:
    answer = fill_in(manager, CREATE, **TERMS)
    connection, trust = Connection.objects.get(), FederationTrust.objects.get()
    assert connection.application is not None
    page = said(manager, answer)
    assert "The trust is set up." in page
    values = shown(page.encode())
    assert values["client-id"] == connection.application.client_id
    assert trust.issuer == f"https://login.microsoftonline.com/{GUID}/v2.0"
    assert trust.issuer in page


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"tenant_id": "acme"},
            {"subject": "me"},
            {"audiences": ""},
            {"audiences": "\n".join("abcdef")},
            {"name": ""},
        ),
        *({"issuer": "http://evil.example/"}, {"issuer": f"https://login.microsoftonline.com/{OTHER}/v2.0"}),
        {"issuer": "https://[broken"},
    ],
)
def test_terms_that_cannot_be_are_said_to_be_wrong(manager: Client, wrong: dict[str, str]) -> None:
    answer = fill_in(manager, CREATE, **TERMS | wrong)
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode()
    assert not Connection.objects.exists()


def test_sending_the_form_again_makes_no_second_trust(manager: Client) -> None:
    answer = fill_in(manager, CREATE, **TERMS)
    assert "has been sent already" in said(manager, manager.post(CREATE, answer.wsgi_request.POST.dict()))
    assert Connection.objects.count() == 1


def test_changing_starts_from_what_is_there(manager: Client, page: str) -> None:
    form = manager.get(f"{page}trust/").content.decode()
    assert form.count(GUID) >= 4
    changed = {name: TERMS[name] for name in ("tenant_id", "issuer", "audiences")} | {"subject": OTHER}
    assert "The trust is changed." in said(manager, fill_in(manager, f"{page}trust/", **changed))
    assert FederationTrust.objects.get().subject == OTHER


def test_the_last_assertion_is_shown_check_by_check(manager: Client, page: str) -> None:
    assert "Entra has not presented one yet." in manager.get(page).content.decode()
    verdict = [
        {"check": "issuer", "expected": "https://a.example", "received": "https://a.example", "passed": True},
        {"check": "subject", "expected": GUID, "received": "<b>someone</b>", "passed": False},
    ]
    FederationTrust.objects.update(last_verdict=verdict, last_verdict_at=timezone.now())
    shown_now = manager.get(page).content.decode()
    assert "&lt;b&gt;someone&lt;/b&gt;" in shown_now
    assert shown_now.count(">Right<") == shown_now.count(">Wrong<") == 1


def test_an_issuer_that_is_trusted_no_more_is_said_to_be(manager: Client, page: str) -> None:
    FederationTrust.objects.update(issuer="http://127.0.0.1:1/x")
    assert manager.get(page).status_code == 200


def test_each_act_leaves_a_line_in_the_logbook(manager: Client, page: str) -> None:
    fill_in(manager, f"{page}trust/", **{name: TERMS[name] for name in ("tenant_id", "issuer", "subject", "audiences")})
    lines = Entry.objects.filter(subject_id=Connection.objects.get().pk, changed=True).order_by("id")
    assert [line.warnings[0] for line in lines] == [
        "This connection was made, with a trust in a workload identity.",
        "The trust of this connection was changed.",
    ]

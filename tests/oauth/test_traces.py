"""What authorization leaves behind: a line for each request of a client, a warning for each refusal, and no secret."""

import logging

import pytest
from django.db import IntegrityError

from oauth.models import Application, Connection
from oauth.validator import Validator
from securelogin.directory.models import User
from securelogin.logbook.models import Entry
from tests.oauth.walk import FORM, REDIRECT, Entra


def test_a_connection_that_is_made_stands_in_the_logbook_of_its_domain(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    answer = entra.redeem(code)
    line, made = Entry.objects.get(), Connection.objects.get()
    assert (line.domain_id, line.connection_id, line.subject_id) == (alice.domain_id, made.pk, made.pk)
    assert (line.method, line.path, line.status, line.changed) == ("POST", "/oauth/token", 200, True)
    assert line.actor_label == entra.application.client_id
    assert answer["X-Request-Id"] == str(line.id)


def test_a_connection_that_is_replaced_is_named(entra: Entra, alice: User) -> None:
    entra.connect(alice)
    first = Connection.objects.get()
    entra.connect(alice)
    assert f"This ends connection {first.pk}, which alice@acme.example made." in Entry.objects.latest("id").warnings


def test_a_refresh_and_a_revocation_have_their_lines(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    assert entra.refresh(token).status_code == 200
    assert entra.post("/oauth/revoke", **entra.credentials(), token=token).status_code == 200
    lines = Entry.objects.order_by("id").values_list("path", "domain_id", "changed")
    assert list(lines) == [
        ("/oauth/token", alice.domain_id, True),
        ("/oauth/token", alice.domain_id, False),
        ("/oauth/revoke", alice.domain_id, True),
    ]


def test_a_refusal_is_in_the_logbook_and_in_the_log(
    entra: Entra, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    code = entra.authorize(alice)["code"]
    entra.redeem(code, code_verifier="stripped")
    line = Entry.objects.get()
    assert (line.status, line.error_id, line.domain_id) == (400, "invalid_grant", alice.domain_id)
    assert not line.changed
    (said,) = (record for record in caplog.records if record.name == "oauth")
    assert said.levelno == logging.WARNING
    told = said.getMessage()
    assert all(part in told for part in ("/oauth/token", entra.application.client_id, "127.0.0.1", "invalid_grant"))


@pytest.mark.parametrize("place", ["body", "header"])
def test_a_wrong_secret_is_noted_with_the_client_that_sent_it(
    entra: Entra, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    if place == "body":
        entra.post("/oauth/revoke", **entra.credentials() | {"client_secret": "a-wrong-secret"}, token="a-token")
    else:
        entra.post("/oauth/token", entra.basic("a-wrong-secret"), grant_type="refresh_token", refresh_token="a-token")
    line = Entry.objects.get()
    assert (line.status, line.error_id, line.actor_label) == (401, "invalid_client", entra.application.client_id)
    assert entra.application.client_id in caplog.text


def test_no_secret_is_in_a_line_or_in_the_log(entra: Entra, alice: User, caplog: pytest.LogCaptureFixture) -> None:
    code = entra.authorize(alice)["code"]
    tokens = entra.redeem(code).json()
    entra.refresh(tokens["refresh_token"], scope="more")
    entra.redeem(code)
    entra.browser.post(f"/oauth/token?client_secret={entra.secret}", f"{entra.secret}=1&{entra.secret}=2", FORM)
    kept = str(list(Entry.objects.values())) + caplog.text
    assert Entry.objects.count() == 4
    for secret in (code, entra.secret, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in kept


def test_a_secret_in_the_field_of_the_client_id_is_masked(entra: Entra, caplog: pytest.LogCaptureFixture) -> None:
    entra.token(client_id=entra.secret, grant_type="client_credentials")
    entra.post("/oauth/token", Entra(Application(client_id=entra.secret), "x").basic(), grant_type="client_credentials")
    assert {line.actor_label for line in Entry.objects.all()} == {"slocs_…"}
    assert entra.secret not in caplog.text


def test_a_client_cannot_write_lines_of_its_own(entra: Entra, caplog: pytest.LogCaptureFixture) -> None:
    entra.token(client_id="x\nWARNING oauth: forged", grant_type="refresh_token", refresh_token="a-token")
    assert "\\nWARNING" in caplog.text
    assert "\nWARNING oauth: forged" not in caplog.text


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"client_id": "nobody"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"state": "\x00"}, "unreadable query"),
    ],
)
def test_a_refused_authorize_is_in_the_log(
    entra: Entra, caplog: pytest.LogCaptureFixture, changes: dict[str, str], error: str
) -> None:
    entra.browser.get(entra.authorize_url(**{"redirect_uri": REDIRECT} | changes))
    (told,) = (record.getMessage() for record in caplog.records if record.name == "oauth")
    assert told.startswith("Refused /oauth/authorize of client ")
    assert told.endswith(f" from 127.0.0.1: {error}")


def test_a_connection_that_theft_ends_says_so_in_its_line(entra: Entra, alice: User) -> None:
    entra.application.rotate_refresh_tokens = True
    entra.application.save()
    first = entra.connect(alice)["refresh_token"]
    entra.refresh(first)
    assert entra.refresh(first).status_code == 400
    line = Entry.objects.latest("id")
    assert line.changed
    assert line.warnings == ["This connection has been ended, since a refresh token was used twice."]


def test_what_was_rolled_back_is_not_told_as_done(entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def clash(*_arguments: object) -> None:
        raise IntegrityError

    code = entra.authorize(alice)["code"]
    monkeypatch.setattr(Validator, "_create_access_token", clash)
    assert entra.redeem(code).status_code == 503
    line = Entry.objects.get()
    assert (line.status, line.changed, line.warnings) == (503, False, [])

"""Mail: to each address on its own, into the log where no server is set, and never in the way of anything."""

from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail as outbox
from pytest_django import Settings

from securelogin import mail


def test_nobody_learns_who_else_was_written_to() -> None:
    assert mail.send(["ann@acme.example", "bob@acme.example"], "A\nsubject", "A text.") == 2
    assert [message.to for message in outbox.outbox] == [["ann@acme.example"], ["bob@acme.example"]]
    assert {message.subject for message in outbox.outbox} == {"A subject"}


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(), TimeoutError()])
def test_a_mail_that_cannot_be_sent_is_logged_and_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(message: Any, **_options: Any) -> int:
        if message.to == ["ann@acme.example"]:
            raise error
        return 1

    monkeypatch.setattr("securelogin.mail.EmailMessage.send", fail)
    assert mail.send(["ann@acme.example", "bob@acme.example"], "A subject", "A text.") == 1
    assert f"A mail to ann@acme.example could not be sent, {type(error).__name__}: A subject" in caplog.text


def test_without_a_server_a_mail_is_logged_without_its_text(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "securelogin.mail.Unsent"
    caplog.set_level("INFO")
    assert mail.send(["ann@acme.example"], "A subject", "A text.") == 1
    assert "Not sent to ann@acme.example, since MAIL_URL is not set: A subject" in caplog.text
    assert "A text." not in caplog.text

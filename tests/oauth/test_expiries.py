"""Before a key or a client's secret expires, those who can do something about it are told, once and in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from oauth.expiries import warn_of_expiries
from oauth.keys import KeyTerms, generate_key, revoke_key, rotate_key
from oauth.models import AccessKey, Application, ApplicationSecret
from oauth.secrets import add_secret
from securelogin.directory.models import Domain, Manager, Role, User
from tests.credentials import AUTHOR
from tests.oauth.walk import Entra, connect_machine
from tests.people import make_user


def a_key(domain: Domain, **left: float) -> AccessKey:
    """Make a key that was meant for a year and has so long left."""
    key, _ = generate_key(domain, KeyTerms("Entra", lifetime=timedelta(days=365)), AUTHOR)
    until = timezone.now() + timedelta(**left)
    AccessKey.objects.filter(pk=key.pk).update(not_after=until, created=until - timedelta(days=365))
    key.refresh_from_db()
    return key


@pytest.fixture(autouse=True)
def owner(alice: User, mallory: User) -> Manager:
    """Alice can be written to; so can mallory, who must never hear of acme."""
    Manager.objects.filter(user=mallory).update(login_email="mallory@umbra.example")
    Manager.objects.filter(user=alice).update(login_email="alice@acme.example")
    return Manager.objects.get(user=alice)


@pytest.mark.parametrize(
    "left, warnings",
    [({"days": 31}, 0), ({"days": 29.9}, 1), ({"days": 6.9}, 1), ({"hours": 23}, 1), ({"days": -1}, 0)],
)
def test_a_warning_comes_when_its_time_has_come_and_once(acme: Domain, left: dict[str, float], warnings: int) -> None:
    a_key(acme, **left)
    assert [warn_of_expiries() for _ in range(3)] == [warnings, 0, 0]
    assert [message.to for message in mail.outbox] == [["alice@acme.example"]] * warnings


def test_three_warnings_come_one_after_the_other(acme: Domain) -> None:
    key = a_key(acme, days=29)
    for days in (29, 8, 6, 2, 0.9, 0.1):
        AccessKey.objects.filter(pk=key.pk).update(not_after=timezone.now() + timedelta(days=days))
        warn_of_expiries()
    assert len(mail.outbox) == 3


def test_the_mail_says_what_when_and_what_to_do(acme: Domain) -> None:
    key = a_key(acme, days=5)
    warn_of_expiries()
    (message,) = mail.outbox
    assert key.not_after is not None
    assert message.subject == f"The access key Entra of acme expires on {key.not_after:%Y-%m-%d}"
    for part in (str(key), "as Secret Token", "quarantine", "http://127.0.0.1:8000/d/acme/"):
        assert part in message.body


def test_a_key_that_was_meant_to_be_short_is_not_warned_of_from_before_its_birth(acme: Domain) -> None:
    generate_key(acme, KeyTerms("a week", lifetime=timedelta(days=7)), AUTHOR)
    assert warn_of_expiries() == 0


def test_what_has_been_replaced_revoked_or_never_expires_is_not_spoken_of(acme: Domain) -> None:
    generate_key(acme, KeyTerms("for ever"), AUTHOR)
    rotate_key(a_key(acme, days=20), AUTHOR)
    revoke_key(a_key(acme, days=20), "Alice")
    assert warn_of_expiries() == 0


def test_only_managers_who_may_connect_and_can_be_written_to_are_told(acme: Domain, alice: User) -> None:
    a_key(acme, days=20)
    roles = {"carol": Role.CONNECTOR, "audrey": Role.AUDITOR, "adam": Role.ADMIN, "dora": Role.OWNER, "nomail": "admin"}
    for name, role in roles.items():
        make_user(acme, name, role)
        Manager.objects.filter(user__user_name=name).update(login_email=f"{name}@acme.example")
    Manager.objects.filter(user__user_name="nomail").update(login_email="")
    User.objects.filter(user_name="dora").update(active=False)
    warn_of_expiries()
    told = [message.to for message in mail.outbox]
    assert told == [["adam@acme.example"], ["alice@acme.example"], ["carol@acme.example"]]


def test_a_warning_that_could_not_be_sent_is_sent_the_next_time(
    acme: Domain, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> int:
        raise ConnectionRefusedError

    a_key(acme, days=20)
    with monkeypatch.context() as broken:
        broken.setattr("securelogin.mail.EmailMessage.send", fail)
        assert warn_of_expiries() == 0
    Manager.objects.filter(domain=acme).update(login_email="")
    assert warn_of_expiries() == 0
    assert "No manager of acme has an address for mail" in caplog.text
    Manager.objects.filter(domain=acme).update(login_email="alice@acme.example")
    assert warn_of_expiries() == 1


def soon(application: Application, **left: float) -> None:
    until = timezone.now() + timedelta(**left)
    secrets = ApplicationSecret.objects.filter(application=application)
    secrets.update(not_after=until, created=until - timedelta(days=730))


def test_a_domains_own_client_has_its_secret_warned_of_until_there_is_another(acme: Domain) -> None:
    _, machine = connect_machine(acme)
    soon(machine.application, days=20)
    assert [warn_of_expiries(), warn_of_expiries()] == [1, 0]
    (message,) = mail.outbox
    for part in (machine.application.client_id, "as Client Secret", "of A machine in acme"):
        assert part in message.subject + message.body
    soon(machine.application, days=5)
    add_secret(machine.application)
    assert warn_of_expiries() == 0


def test_the_secret_of_an_ended_connection_or_of_authorizes_client_is_nothing_to_a_domain(
    acme: Domain, entra: Entra
) -> None:
    made, machine = connect_machine(acme)
    made.revoke("Alice")
    for application in (machine.application, entra.application):
        soon(application, days=20)
    assert warn_of_expiries() == 0


@pytest.mark.parametrize("old_used, new_used, warnings", [(3, None, 1), (3, 1, 0), (0.5, None, 0), (None, None, 0)])
def test_what_is_replaced_is_spoken_of_while_entra_goes_on_with_the_old_one(
    acme: Domain, old_used: float | None, new_used: float | None, warnings: int
) -> None:
    """Hours after the new key was made."""
    old = a_key(acme, days=20)
    new, _ = rotate_key(old, AUTHOR)
    made = timezone.now() - timedelta(hours=12)
    for key, hours in ((old, old_used), (new, new_used)):
        used = None if hours is None else made + timedelta(hours=hours)
        AccessKey.objects.filter(pk=key.pk).update(created=made - timedelta(days=key == old), last_used=used)
    assert warn_of_expiries() == warnings
    assert all("Entra still uses the old one" in message.body for message in mail.outbox)


def test_a_secret_that_entra_goes_on_with_is_spoken_of_too(acme: Domain) -> None:
    connect_machine(acme)
    old = ApplicationSecret.objects.get()
    application = old.application
    until = timezone.now() + timedelta(days=5)
    ApplicationSecret.objects.update(not_after=until, created=until - timedelta(days=365))
    add_secret(application, timedelta(days=365))
    assert warn_of_expiries() == 0
    ApplicationSecret.objects.filter(pk=old.pk).update(last_used=timezone.now() + timedelta(hours=2))
    assert warn_of_expiries() == 1
    ApplicationSecret.objects.exclude(pk=old.pk).update(last_used=timezone.now())
    ApplicationSecret.objects.update(warned_days=None)
    assert warn_of_expiries() == 0

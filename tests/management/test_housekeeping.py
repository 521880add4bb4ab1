"""Housekeeping deletes what has had its time, leaves what has not, and may be run again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db.models import QuerySet
from django.utils import timezone

from oauth.connections import pause
from oauth.models import AccessKey, AccessToken, ApplicationSecret, Connection, Grant
from oauth.secrets import add_secret
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Manager, Tombstone, User
from securelogin.logbook.models import Entry
from securelogin.management import purging
from securelogin.signin.models import LoginFailure
from tests.credentials import make_key
from tests.management.running import run
from tests.oauth.walk import Entra, connect_machine, status_of
from tests.oauth.workload import Workload


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


def line(at: datetime, domain_id: UUID | None) -> UUID:
    values = {"method": "GET", "path": "/", "status": 200, "milliseconds": 1}
    return Entry.objects.create(id=uuid7(), at=at, domain_id=domain_id, **values).pk


def tombstone(domain: Domain, purge_after: datetime) -> UUID:
    values = {"subject_type": "User", "label": "x", "snapshot": {}, "memberships": [], "deleted": ago(days=9)}
    return Tombstone.objects.create(id=uuid7(), domain=domain, purge_after=purge_after, **values).pk


def test_lines_of_strangers_go_after_a_week_and_all_others_after_their_days(
    acme: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        line(ago(days=8), None)
    line(ago(days=91), acme.pk)
    kept = {line(ago(days=6), None), line(ago(days=8), acme.pk), line(ago(days=89), acme.pk)}
    answer = run("housekeeping")
    assert (answer["logbook_lines_of_strangers"], answer["logbook_lines"]) == ("5", "1")
    assert set(Entry.objects.values_list("pk", flat=True)) == kept


def test_a_call_that_anybody_can_make_in_the_name_of_a_client_goes_after_a_week_too(workload: Workload) -> None:
    workload.ask("nonsense")
    workload.ask()
    line(ago(days=8), workload.connection.domain_id)
    Entry.objects.update(at=ago(days=8))
    assert run("housekeeping")["logbook_lines_of_strangers"] == "1"
    assert sorted(Entry.objects.values_list("status", flat=True)) == [200, 200]


def test_a_deleted_resource_goes_when_its_time_has_come(acme: Domain) -> None:
    tombstone(acme, ago(seconds=1))
    kept = tombstone(acme, ago(days=-1))
    assert run("housekeeping")["deleted_resources"] == "1"
    assert Tombstone.objects.get().pk == kept


def test_sessions_tokens_codes_and_failures_that_are_over_go(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    entra.refresh(token)
    entra.authorize(alice)
    AccessToken.objects.update(expires=ago(days=1))
    Grant.objects.update(expires=ago(days=1))
    Connection.objects.filter(state="pending").update(created=ago(days=1))
    Session.objects.create(session_key="old", session_data="", expire_date=ago(days=1))
    LoginFailure.objects.create(kind="user", key_digest="x", count=1, last=ago(days=2))
    answer = run("housekeeping")
    assert (answer["sessions"], answer["connections_never_redeemed"]) == ("1", "1")
    assert int(answer["tokens_and_codes"]) == 2
    assert int(answer["login_failures"]) >= 1
    assert set(run("housekeeping").values()) == {"0"}
    assert entra.refresh(token).status_code == 200


def test_keys_and_secrets_go_when_no_line_of_the_logbook_names_them_any_more(acme: Domain) -> None:
    (old, _), (recent, _), (used, text) = (make_key(acme) for _ in range(3))
    AccessKey.objects.filter(pk=old.pk).update(revoked=ago(days=91))
    AccessKey.objects.filter(pk=recent.pk).update(revoked=ago(days=89))
    _, machine = connect_machine(acme)
    add_secret(machine.application)
    first, second = ApplicationSecret.objects.order_by("id")
    ApplicationSecret.objects.filter(pk=first.pk).update(not_after=ago(days=91))
    answer = run("housekeeping")
    assert (answer["ended_keys"], answer["expired_secrets"]) == ("1", "1")
    assert set(AccessKey.objects.values_list("pk", flat=True)) == {recent.pk, used.pk}
    assert ApplicationSecret.objects.get().pk == second.pk
    assert status_of(text) == 200


def test_a_connection_ends_with_its_last_key_and_not_before(acme: Domain) -> None:
    (paused, _), (valid, _), _over = (make_key(acme) for _ in range(3))
    AccessKey.objects.exclude(pk=valid.pk).update(not_after=ago(seconds=1))
    pause(paused.connection, "Alice")
    old_way = Connection.objects.create(kind="key", domain=acme, name="an operator's token", scope="scim")
    AccessToken.objects.create(connection=old_way, token_checksum="x", scope="scim", expires=ago(days=-1))
    assert run("housekeeping")["connections_without_a_key"] == "2"
    left = set(Connection.objects.exclude(state="revoked").values_list("pk", flat=True))
    assert left == {valid.connection_id, old_way.pk}


def test_warnings_of_what_expires_go_out_with_it_and_a_dead_mail_server_breaks_nothing(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Manager.objects.update(login_email="alice@acme.example")
    make_key(alice.domain)
    AccessKey.objects.update(not_after=ago(days=-5), created=ago(days=300))

    def fail(*_arguments: Any, **_options: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("securelogin.mail.EmailMessage.send", fail)
        assert run("housekeeping")["expiry_warnings"] == "0"
    assert run("housekeeping")["expiry_warnings"] == "1"
    assert mail.outbox[0].to == ["alice@acme.example"]


def test_what_was_cut_off_half_way_is_finished_by_the_next_run(acme: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(6):
        line(ago(days=91), acme.pk)
    stock, calls = QuerySet.delete, []

    def cut_off(rows: QuerySet[Any]) -> tuple[int, dict[str, int]]:
        calls.append(rows.model)
        if calls.count(Entry) == 3:
            raise KeyboardInterrupt
        return stock(rows)

    with monkeypatch.context() as broken:
        broken.setattr(QuerySet, "delete", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run("housekeeping")
    assert Entry.objects.count() == 2
    assert run("housekeeping")["logbook_lines"] == "2"

"""Housekeeping deletes what has had its time, leaves what has not, and may be run again."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from oauth.models import AccessToken, Connection, Grant
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Tombstone, User
from securelogin.logbook.models import Entry
from securelogin.management.commands import housekeeping
from securelogin.signin.models import LoginFailure
from tests.management.running import run
from tests.oauth.walk import Entra


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
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    for _ in range(5):
        line(ago(days=8), None)
    line(ago(days=91), acme.pk)
    kept = {line(ago(days=6), None), line(ago(days=8), acme.pk), line(ago(days=89), acme.pk)}
    answer = run("housekeeping")
    assert (answer["logbook_lines_of_strangers"], answer["logbook_lines"]) == ("5", "1")
    assert set(Entry.objects.values_list("pk", flat=True)) == kept


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

"""Housekeeping runs beside a sync, again and again, and no request of it fails."""

from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone

from oauth.models import AccessToken
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Tombstone, User
from securelogin.logbook.models import Entry
from securelogin.management import purging
from tests.management.running import run
from tests.oauth.test_races import at_once
from tests.oauth.walk import connect_machine
from tests.scim.conftest import Scim, connect

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]


def litter(domain: Domain) -> None:
    """Leave what housekeeping finds: old lines, tombstones that have had their time, expired tokens."""
    old, values = timezone.now() - timedelta(days=200), {"method": "GET", "path": "/", "status": 200, "milliseconds": 1}
    Entry.objects.bulk_create([Entry(id=uuid7(), at=old, domain_id=domain.pk, **values) for _ in range(300)])
    dead = {"subject_type": "User", "label": "x", "snapshot": {}, "memberships": [], "deleted": old, "purge_after": old}
    Tombstone.objects.bulk_create([Tombstone(id=uuid7(), domain=domain, **dead) for _ in range(100)])
    AccessToken.objects.filter(created__lt=timezone.now() - timedelta(seconds=1)).update(expires=old)


def test_a_sync_goes_on_beside_it(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 20)
    domain = Domain.objects.create(name="acme", display_name="Acme")
    scim, (_, machine), over = connect(domain), connect_machine(domain), Event()
    statuses = Counter[int]()

    def sync(prefix: str) -> None:
        number = 0
        while not over.is_set():
            number += 1
            one = scim.user(f"{prefix}{number}")
            change = {"op": "Replace", "path": "title", "value": "new"}
            statuses[scim.patch(f"/Users/{one}", change).status_code] += 1
            statuses[scim.delete(f"/Users/{one}").status_code if number % 3 == 0 else 204] += 1
            fresh = Scim(machine.ask().json()["access_token"])
            statuses[fresh.get(f'/Users?filter=userName eq "{prefix}{number}"').status_code] += 1

    def tidy() -> None:
        try:
            for _ in range(5):
                litter(domain)
                run("housekeeping")
        finally:
            over.set()

    at_once(tidy, lambda: sync("ann"), lambda: sync("bob"))
    assert set(statuses) == {200, 204}
    assert statuses[200] > 10
    assert scim.get("/Users?count=0").json()["totalResults"] == User.objects.count()
    assert run("housekeeping")["deleted_resources"] == "0"

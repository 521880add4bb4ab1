"""Whoever watches the process learns whether it lives and whether it can work."""

import pytest
from django.db import OperationalError
from django.test import Client

from securelogin import health


@pytest.mark.django_db
def test_a_working_process_is_ready() -> None:
    assert Client().get("/readyz").json() == {"status": "ok"}


def test_a_process_lives_without_its_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_without_its_database_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "database" in answer.json()["reason"]

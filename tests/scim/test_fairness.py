"""A connection that floods is slowed down for its neighbours' sake, and for nobody else's."""

import pytest
from pytest_django import Settings

from scim.api import fairness
from tests.scim.conftest import Scim


@pytest.fixture(autouse=True)
def _one_long_second(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REQUESTS_PER_SECOND = 5
    monkeypatch.setattr(fairness, "_window", fairness.Window())
    monkeypatch.setattr(fairness, "monotonic", lambda: 100.0)


def statuses(scim: Scim, count: int) -> list[int]:
    return [scim.get("/Users?count=0").status_code for _ in range(count)]


def test_alone_a_connection_may_ask_as_often_as_it_can(scim: Scim) -> None:
    assert set(statuses(scim, 20)) == {200}


def test_beside_others_it_is_told_to_come_back(scim: Scim, neighbour: Scim) -> None:
    assert statuses(neighbour, 1) == [200]
    assert statuses(scim, 7) == [200] * 5 + [429] * 2
    refused = scim.get("/Users")
    assert refused["Retry-After"] == "1"
    assert "SL-TOO-MANY" in refused.json()["detail"]
    assert statuses(neighbour, 4) == [200] * 4


def test_a_refused_write_changes_nothing(scim: Scim, neighbour: Scim) -> None:
    statuses(neighbour, 1)
    statuses(scim, 5)
    assert scim.post("/Users", {"userName": "ann"}).status_code == 429
    assert neighbour.get("/Users").status_code == 200


def test_in_the_next_second_it_may_go_on(scim: Scim, neighbour: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses(neighbour, 1)
    assert statuses(scim, 6)[-1] == 429
    monkeypatch.setattr(fairness, "monotonic", lambda: 101.0)
    assert statuses(scim, 6) == [200] * 5 + [429], "the neighbour asked a second ago"
    monkeypatch.setattr(fairness, "monotonic", lambda: 103.0)
    assert set(statuses(scim, 9)) == {200}, "the neighbour has gone"

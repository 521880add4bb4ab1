"""Whoever holds the token reads the figures; to anybody else there is no such page."""

import pytest
from django.test import Client
from prometheus_client import REGISTRY
from pytest_django import Settings

from securelogin.directory.models import Domain
from tests.scim.conftest import connect

pytestmark = pytest.mark.django_db


def count(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("securelogin_scim_request_seconds_count", labels) or 0


def test_requests_are_counted_by_method_route_and_status(acme: Domain, settings: Settings) -> None:
    scim = connect(acme)
    before = [count("POST", "Users", "201"), count("GET", "User", "404"), count("other", "Users", "405")]
    scim.user("ann@acme.example")
    scim.get("/Users/01a200b1-ca53-7bbd-aa6b-f01f7c240728")
    scim.call("BREW", "/Users")
    after = [count("POST", "Users", "201"), count("GET", "User", "404"), count("other", "Users", "405")]
    assert after == [number + 1 for number in before]
    settings.METRICS_TOKEN = "let me see"
    page = Client(headers={"Authorization": "Bearer let me see"}).get("/metrics")
    assert 'securelogin_scim_request_seconds_count{method="POST",route="Users",status="201"}' in page.content.decode()


@pytest.mark.parametrize("offered", ["", "Bearer ", "Bearer wrong", "Basic let me see", "Bearer é"])
def test_without_the_token_there_is_no_such_page(settings: Settings, offered: str) -> None:
    for token in ("let me see", ""):
        settings.METRICS_TOKEN = token
        assert Client(headers={"Authorization": offered}).get("/metrics").status_code == 404

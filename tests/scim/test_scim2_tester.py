"""An independent judge: scim2-tester puts all its questions to a running server, over real HTTP."""

from typing import Any

import pytest
import requests
from pytest_django.live_server_helper import LiveServer
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from securelogin.directory.models import Domain, Group, User
from tests.scim.conftest import connect


class LiveClient(BaseSyncSCIMClient):
    """The judge's client over `requests`: keeps to one address and one token."""

    def __init__(self, base_url: str, token: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.session = requests.Session()
        self.session.headers["Authorization"] = token

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return "://" not in endpoint or endpoint.startswith(self.base_url)

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        options["data"] = options.pop("content", None)
        address = url if "://" in url else f"{self.base_url}/{url.lstrip('/')}"
        return self.session.request(method, address, timeout=10, **options)


@pytest.fixture
def live_scim(live_server: LiveServer, acme: Domain) -> LiveClient:
    return LiveClient(f"{live_server.url}/scim/v2", connect(acme).client.defaults["HTTP_AUTHORIZATION"])


def test_the_judge_finds_nothing_wrong(live_scim: LiveClient) -> None:
    results = check_server(live_scim)
    verdicts = [f"{result.status.name} {result.title}: {result.reason}" for result in results]
    bad = {Status.ERROR, Status.CRITICAL, Status.DEVIATION}
    assert [line for line, result in zip(verdicts, results, strict=True) if result.status in bad] == []
    assert sum(result.status is Status.SUCCESS for result in results) > 100
    # The judge tidies up, so its deletions worked.
    assert not User.objects.exists()
    assert not Group.objects.exists()

"""The domain birch: one where people come and go, and nobody else counts them."""

from typing import Any

import requests
from playwright.sync_api import Page

from tests.browser import steps
from tests.installation import Installation

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Entra:
    """Provisions a domain of its own: other tests count the people of theirs."""

    def __init__(self, here: Installation) -> None:
        self.base = f"{here.url}/scim/v2"
        self.session = requests.Session()
        key = here.facts("create_key", "birch", "--create-domain")["access_key"]
        self.session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(method, self.base + path, json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def user(self, name: str, display: str, **attributes: Any) -> str:
        body = {"schemas": [USER], "userName": name, "displayName": display, **attributes}
        return str(self.call("POST", "/Users", body)["id"])

    def group(self, name: str, *members: str) -> str:
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": one} for one in members]}
        return str(self.call("POST", "/Groups", body)["id"])


OWNER = "olga@birch.example"


def enter(page: Page) -> None:
    steps.enter(page, "birch", OWNER)


def removed(entra: Entra, name: str) -> tuple[str, str, str]:
    """Make Anna, Bob and their group, and let Entra take Anna and the group away."""
    anna, bob = entra.user(f"anna@{name}.example", f"Anna {name}"), entra.user(f"bob@{name}.example", f"Bob {name}")
    group = entra.group(f"Team {name}", anna, bob)
    entra.call("DELETE", f"/Groups/{group}")
    entra.call("DELETE", f"/Users/{anna}")
    return anna, bob, group

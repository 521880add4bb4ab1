"""A client of the SCIM API for each domain, as Entra would be one."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from securelogin.directory.models import (
    Change,
    Counter,
    Domain,
    Group,
    Manager,
    Membership,
    Mention,
    Tombstone,
    User,
    UserLookup,
)
from tests.credentials import make_key

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Scim:
    """Speaks SCIM with one token; every answer must be SCIM, whatever it says."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.client.generic(
            method, f"/scim/v2{path}", content, content_type="application/scim+json; charset=utf-8", headers=headers
        )
        assert answer["Content-Type"] == "application/scim+json"
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> HttpResponse:
        return self.call("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)}, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)

    def find(self, endpoint: str, expression: str) -> list[str]:
        """Return the ids that a filter finds."""
        answer = self.client.get(f"/scim/v2/{endpoint}", {"filter": expression, "count": "1000"})
        assert answer.status_code == 200, answer.content
        return [resource["id"] for resource in answer.json()["Resources"]]

    def user(self, user_name: str, /, **attributes: Any) -> str:
        answer = self.post("/Users", {"schemas": [USER], "userName": user_name, **attributes})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def group(self, name: str, *member_ids: str) -> str:
        members = [{"value": one} for one in member_ids]
        answer = self.post("/Groups", {"schemas": [GROUP], "displayName": name, "members": members})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def members(self, group_id: str) -> set[str]:
        return {member["value"] for member in self.get(f"/Groups/{group_id}").json().get("members", [])}


def connect(domain: Domain, scope: str = "scim") -> Scim:
    _, key = make_key(domain, scope)
    return Scim(key)


@pytest.fixture
def scim(acme: Domain) -> Scim:
    return connect(acme)


@pytest.fixture
def neighbour(umbra: Domain) -> Scim:
    return connect(umbra)


# What a refused request must leave as it was; the logbook tells of refusals and is not among these.
_KEPT = (Domain, User, UserLookup, Group, Membership, Manager, Counter, Change, Mention, Tombstone)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the directory, to compare with later."""
    return {model.__name__: sorted(model.objects.values_list(), key=str) for model in _KEPT}

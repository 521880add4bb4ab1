"""A connection outlives the person who made it: disabled or deleted over SCIM itself, provisioning goes on."""

import pytest
from django.test import Client

from oauth.models import Connection
from securelogin.directory.models import Manager, User
from tests.oauth.walk import Entra


@pytest.mark.parametrize("fate", ["disabled", "deleted"])
def test_provisioning_goes_on_without_its_author(entra: Entra, alice: User, fate: str) -> None:
    tokens = entra.connect(alice)
    address = f"/scim/v2/Users/{alice.pk}"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    disable = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    browser = Client(headers=bearer)
    if fate == "deleted":
        assert browser.delete(address).status_code == 204
        assert not Manager.objects.filter(user_id=alice.pk).exists()
    else:
        assert browser.patch(address, disable, content_type="application/scim+json").status_code == 200
    refreshed = entra.refresh(tokens["refresh_token"])
    assert refreshed.status_code == 200
    for token in (tokens["access_token"], refreshed.json()["access_token"]):
        assert Client(headers={"Authorization": f"Bearer {token}"}).get("/scim/v2/Users").status_code == 200
    connection = Connection.objects.get(state=Connection.State.ACTIVE)
    assert connection.authorized_by_name == "alice@acme.example"
    assert (connection.authorized_by_id is None) is (fate == "deleted")

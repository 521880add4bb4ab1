"""A connection outlives the person who made it: demoted, disabled or deleted over SCIM itself, provisioning goes on,
and the connection still says who made it and what became of her.
"""

import pytest
from django.test import Client

from oauth.connections import connections_of
from oauth.keys import keys_of
from oauth.models import Connection
from securelogin.directory.models import Manager, Role, User
from tests.credentials import make_key
from tests.oauth.walk import status_of
from tests.oauth.ways import WAYS


def befall(author: User, fate: str, token: str) -> None:
    """Let it happen to her, over SCIM where SCIM can do it."""
    browser, address = Client(headers={"Authorization": f"Bearer {token}"}), f"/scim/v2/Users/{author.pk}"
    if fate == "demoted":
        Manager.objects.filter(user=author).update(role=Role.AUDITOR)
    elif fate == "no manager any more":
        Manager.objects.filter(user=author).delete()
    elif fate == "disabled":
        disable = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
        assert browser.patch(address, disable, content_type="application/scim+json").status_code == 200
    else:
        assert browser.delete(address).status_code == 204
        assert not Manager.objects.filter(user_id=author.pk).exists()


FATES = {
    "demoted": "demoted",
    "no manager any more": "demoted",
    "disabled": "disabled",
    "deleted": "deleted",
}


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("way", WAYS)
def test_provisioning_goes_on_without_its_author(alice: User, way: str, fate: str) -> None:
    made, bearer = WAYS[way](alice)
    earlier = bearer()
    assert connections_of(alice.domain).get().authorship == "stands"
    befall(alice, fate, earlier)
    assert [status_of(token) for token in (earlier, bearer())] == [200, 200]
    left = connections_of(made.domain).get()
    assert (left.pk, left.state, left.authorized_by_name) == (made.pk, "active", "alice@acme.example")
    assert (left.authorized_by is None) is (fate == "deleted")
    assert left.authorship == FATES[fate]


@pytest.mark.parametrize("fate", FATES)
def test_a_key_says_what_became_of_its_author(alice: User, fate: str) -> None:
    _, bearer = WAYS["key"](alice)
    assert keys_of(alice.domain).get().authorship == "stands"
    befall(alice, fate, bearer())
    key = keys_of(alice.domain).get()
    assert (key.authorship, key.author_name) == (FATES[fate], "alice@acme.example")


def test_what_a_command_made_has_no_author_who_could_leave(alice: User) -> None:
    key, _ = make_key(alice.domain)
    assert (key.authorship, Connection.objects.get().authorship) == ("command", "command")


def test_a_page_of_connections_and_keys_asks_once(
    alice: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for way in WAYS.values():
        way(alice)
    with django_assert_num_queries(1):
        said = [(one.authorship, one.application and one.application.name) for one in connections_of(alice.domain)]
    assert len(said) == len(WAYS)
    with django_assert_num_queries(1):
        assert [(key.authorship, key.connection.name) for key in keys_of(alice.domain)] == [("stands", "A key")]

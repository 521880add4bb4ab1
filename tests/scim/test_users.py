"""Users: created, read, replaced, deleted. RFC 7644 §3.3 to §3.6, with what Entra sends and wants."""

from typing import Any

import pytest

from securelogin.directory.models import User
from securelogin.directory.text import comparison_key
from securelogin.logbook.models import Entry
from tests.scim.conftest import ENTERPRISE, USER, Scim, snapshot

# As Microsoft's SCIM Validator sends it: a locale that is none, a boolean as a word, an unknown manager.
FULL: dict[str, Any] = {
    "userName": "julien.vonrueden@ondricka.us",
    "active": True,
    "displayName": "NDSQQTECVAAC",
    "title": "CJSGUNOAAMMQ",
    "emails": [{"type": "work", "value": "thaddeus@hammes.info", "primary": True}],
    "preferredLanguage": "hi",
    "name": {
        "givenName": "Elfrieda",
        "familyName": "Urban",
        "formatted": "Myah",
        "middleName": "Cindy",
        "honorificPrefix": "Minerva",
        "honorificSuffix": "Micaela",
    },
    "addresses": [
        {
            "type": "work",
            "formatted": "ZQEHBLETAAQE",
            "streetAddress": "25928 Katlyn Row",
            "locality": "YRAKBQCGOHZF",
            "region": "XCCVLAIDMQYR",
            "postalCode": "cx47 4mz",
            "primary": True,
            "country": "Sierra Leone",
        }
    ],
    "phoneNumbers": [
        {"type": "work", "value": "10-040-1308", "primary": True},
        {"type": "mobile", "value": "Qjjqzp"},
        {"type": "fax", "value": "10-040-1308"},
    ],
    ENTERPRISE: {
        "employeeNumber": "OXYYEGWVLTGW",
        "department": "ZYWTBPDFHIIP",
        "costCenter": "ASHTVSKANCGL",
        "organization": "DPQRRHJMBXZE",
        "division": "WXNFEJQDRAVI",
        "manager": {"value": "XYMKVVRYDIOO"},
    },
    "roles": [{"primary": "True", "display": "MRONYWGFFHXQ", "value": "WDEIISGWWQBE", "type": "XVTUOHMYUFRL"}],
    "userType": "GZILLRZCFPNC",
    "nickName": "FOGSIQTKHIPG",
    "locale": "RJWNTUNNOHNZ",
    "timezone": "America/Guayaquil",
    "profileUrl": "BAPNQLJSRQGD",
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "schemas": [USER, ENTERPRISE],
}
SHOWN = FULL | {"roles": [FULL["roles"][0] | {"primary": True}]}


def test_everything_that_is_sent_comes_back_as_it_was_sent(scim: Scim) -> None:
    answer = scim.post("/Users", FULL)
    assert answer.status_code == 201
    shown = answer.json()
    assert shown == scim.get(f"/Users/{shown['id']}").json()
    assert {name: value for name, value in shown.items() if name not in {"id", "meta"}} == SHOWN
    assert next(iter(shown)) == "schemas"
    location = f"http://127.0.0.1:8000/scim/v2/Users/{shown['id']}"
    assert (answer["Location"], shown["meta"]["location"], shown["meta"]["resourceType"]) == (
        location,
        location,
        "User",
    )
    assert answer["ETag"] == shown["meta"]["version"]


def test_what_means_nothing_is_survived_and_not_shown(scim: Scim) -> None:
    nothing = {
        "addresses": None,
        "phoneNumbers": None,
        "roles": [],
        "title": "",
        "name": {"givenName": None},
        "id": "7",
    }
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"
    body = {"schemas": [USER, urn], "meta": {"resourceType": "User"}, "userName": "ann", ENTERPRISE: {"manager": None}}
    answer = scim.post("/Users", body | nothing)
    assert answer.status_code == 201
    assert answer.json().keys() == {"schemas", "id", "meta", "userName", "active"}
    assert answer.json()["id"] != "7"


@pytest.mark.parametrize("key", [f"{ENTERPRISE}:department", f"{ENTERPRISE.lower()}:Department"])
def test_a_flat_key_is_read_like_a_nested_one(scim: Scim, key: str) -> None:
    answer = scim.post("/Users", {"userName": "ann", key: "Sales"})
    assert answer.json()[ENTERPRISE] == {"department": "Sales"}


def test_an_extension_that_schemas_does_not_name_is_kept(scim: Scim) -> None:
    urn = "urn:example:params:scim:schemas:2.0:User"
    answer = scim.post(
        "/Users", {"schemas": [USER], "userName": "ann", urn: {"badge": {"colour": "red", "n": [1, 2.5, True]}}}
    )
    assert answer.json()[urn] == {"badge": {"colour": "red", "n": [1, 2.5, True]}}
    assert answer.json()["schemas"] == [USER, urn]


def test_only_the_first_primary_stays_one(scim: Scim) -> None:
    emails = [{"value": "a", "primary": True}, {"value": "b", "primary": "True"}]
    assert [
        each["primary"] for each in scim.post("/Users", {"userName": "ann", "emails": emails}).json()["emails"]
    ] == [True, False]


@pytest.mark.parametrize("name", ["ann@acme.example", "ANN@ACME.EXAMPLE", "ａnn@acme.example"])  # noqa: RUF001  # on purpose: it means the same
def test_a_user_name_is_taken_once_whatever_its_case(scim: Scim, neighbour: Scim, name: str) -> None:
    user_id = scim.user("Ann@acme.example", active=False)
    before = snapshot()
    answer = scim.post("/Users", {"schemas": [USER], "userName": name})
    assert (answer.status_code, answer.json()["scimType"], answer.json()["status"]) == (409, "uniqueness", "409")
    assert user_id in answer.json()["detail"]
    assert snapshot() == before
    other = scim.user("other")
    assert scim.patch(f"/Users/{other}", {"op": "replace", "value": {"userName": name}}).status_code == 409
    assert scim.put(f"/Users/{other}", {"userName": name}).status_code == 409
    assert neighbour.user(name) != user_id


def test_a_user_name_may_change_its_own_case(scim: Scim) -> None:
    user_id = scim.user("ann")
    answer = scim.patch(f"/Users/{user_id}", {"op": "replace", "value": {"userName": "Ann"}})
    assert (answer.status_code, answer.json()["userName"]) == (200, "Ann")


@pytest.mark.parametrize("external_id", ["1", "0", "admin", "-1", "null", "__class__"])
def test_an_external_id_is_never_an_id(scim: Scim, alice: User, external_id: str) -> None:
    user_id = scim.user("ann", externalId=external_id, id=str(alice.id))
    assert user_id not in {external_id, str(alice.id)}
    assert scim.get(f"/Users/{external_id}").status_code == 404
    assert scim.find("Users", f'externalId eq "{external_id}"') == [user_id]
    twin = scim.user("bob", externalId=external_id)
    assert scim.find("Users", f'externalId eq "{external_id}"') == [user_id, twin]


def test_a_disabled_user_is_still_there(scim: Scim) -> None:
    user_id = scim.user("ann")
    assert (
        scim.patch(f"/Users/{user_id}", {"op": "Replace", "path": "active", "value": "False"}).json()["active"] is False
    )
    assert scim.get(f"/Users/{user_id}").json()["active"] is False
    assert scim.find("Users", 'userName eq "ann"') == scim.find("Users", "active eq false") == [user_id]


def test_a_deleted_user_is_gone_and_the_name_is_free_again(scim: Scim) -> None:
    user_id = scim.user("ann")
    answer = scim.delete(f"/Users/{user_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "DELETE", "PUT", "PATCH"):
        body = {"userName": "x", "Operations": [{"op": "add", "path": "title", "value": "x"}]}
        refused = scim.call(method, f"/Users/{user_id}", body if method in {"PUT", "PATCH"} else None)
        assert (refused.status_code, refused.json()["status"]) == (404, "404")
        assert user_id in refused.json()["detail"]
    assert scim.find("Users", "userName pr") == []
    assert scim.user("ann") != user_id


def test_a_put_replaces_everything_a_client_may_write(scim: Scim) -> None:
    user_id = scim.post("/Users", FULL).json()["id"]
    answer = scim.put(f"/Users/{user_id}", {"schemas": [USER], "userName": "ann", "title": "T", "id": "x"})
    shown = answer.json()
    assert answer.status_code == 200
    assert {name: shown[name] for name in shown if name != "meta"} == {
        "schemas": [USER],
        "id": user_id,
        "userName": "ann",
        "title": "T",
        "active": True,
    }
    assert scim.find("Users", 'emails.value eq "thaddeus@hammes.info"') == []


@pytest.mark.parametrize("tag", ['W/"1"', '"1"', "*"])
def test_a_version_that_is_right_lets_a_write_pass_and_another_does_not(scim: Scim, tag: str) -> None:
    user_id = scim.user("ann")
    body = {"userName": "ann", "title": "x"}
    for wrong in ('W/"2"', '"x"', "1000000000000000000000", ""):
        assert scim.put(f"/Users/{user_id}", body, **{"If-Match": wrong}).status_code == 412
    assert scim.put(f"/Users/{user_id}", body, **{"If-Match": tag}).status_code == 200


def test_what_has_not_changed_need_not_be_sent_again(scim: Scim) -> None:
    path = f"/Users/{scim.user('ann')}?excludedAttributes=groups"
    tag = scim.get(path)["ETag"]
    assert scim.get(path, **{"If-None-Match": tag}).status_code == 304
    assert scim.get(path, **{"If-None-Match": '"7"'}).status_code == 200


def test_entra_takes_over_an_account_of_its_own_domain_but_not_its_password_or_role(scim: Scim, alice: User) -> None:
    before = (alice.password, alice.manager.role)
    assert scim.find("Users", f'userName eq "{alice.user_name}"') == [str(alice.id)]
    changes = {"password": "x" * 20, "role": "auditor", "is_superuser": True, "manager": "x", "displayName": "Alice"}
    answer = scim.patch(f"/Users/{alice.id}", {"op": "replace", "value": changes})
    assert (answer.status_code, "password" in answer.json()) == (200, False)
    alice = User.objects.get(pk=alice.pk)
    assert (alice.password, alice.manager.role, alice.display_name) == (*before, "Alice")
    assert "x" * 20 not in str(Entry.objects.values_list())


def test_the_people_of_another_domain_do_not_exist(scim: Scim, neighbour: Scim) -> None:
    user_id = neighbour.user("ann")
    assert scim.get("/Users").json()["totalResults"] == 0
    assert scim.find("Users", f'id eq "{user_id}" or userName eq "ann"') == []
    assert [scim.get(f"/Users/{user_id}").status_code, scim.delete(f"/Users/{user_id}").status_code] == [404, 404]
    assert neighbour.get("/Users").json()["totalResults"] == 1


def test_the_name_is_compared_by_its_key(scim: Scim) -> None:
    user_id = scim.user("Straße İ ς")
    assert scim.find("Users", 'userName eq "STRASSE i\u0307 Σ"') == [user_id]
    assert User.objects.get(pk=user_id).user_name_key == comparison_key("Straße İ ς")

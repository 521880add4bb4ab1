"""What Microsoft's SCIM Validator and Entra's gallery tests ask, in their own order."""

from typing import Any

import pytest

from tests.scim.conftest import ENTERPRISE, USER, Scim
from tests.scim.test_users import FULL, SHOWN

MANAGER = f"{ENTERPRISE}:manager"

# Values by path, in the order in which the Validator sends them.
ATTRIBUTES: dict[str, Any] = {
    "active": True,
    "displayName": "A",
    "title": "B",
    'emails[type eq "work"].value': "c@x.example",
    'emails[type eq "work"].primary': True,
    'phoneNumbers[type eq "work"].value': "1",
    'phoneNumbers[type eq "mobile"].value': "2",
    'phoneNumbers[type eq "fax"].value': "3",
    **{f'addresses[type eq "work"].{name}': f"address {name}" for name in (
        "formatted", "streetAddress", "locality", "region", "postalCode", "country")},
    'addresses[type eq "work"].primary': True,
    **{f"name.{name}": f"name {name}" for name in (
        "givenName", "familyName", "formatted", "middleName", "honorificPrefix", "honorificSuffix")},
    **{f"{ENTERPRISE}:{name}": f"enterprise {name}" for name in (
        "employeeNumber", "costCenter", "organization", "division", "department")},
    **{f'roles[primary eq "True"].{name}': f"role {name}" for name in ("display", "value", "type")},
    **{name: f"plain {name}" for name in (
        "userType", "nickName", "locale", "timezone", "profileUrl", "preferredLanguage")},
}  # fmt: skip


def read(shown: dict[str, Any], path: str) -> Any:
    """Return what a resource shows at a path of Entra's."""
    if path.startswith(ENTERPRISE):
        return shown.get(ENTERPRISE, {}).get(path.removeprefix(f"{ENTERPRISE}:"))
    name, _, part = path.partition(".")
    if "[" in name:
        elements = shown.get(name.partition("[")[0], [])
        chosen = [each for each in elements if each.get("primary") is True or f'"{each.get("type")}"' in name]
        chosen = [each for each in chosen if "primary" in name or f'"{each.get("type")}"' in name]
        return chosen[0].get(part) if chosen else None
    return shown.get(name, {}).get(part) if part else shown.get(name)


@pytest.fixture
def ann(scim: Scim) -> str:
    return scim.user("ann")


def test_create_a_new_user(scim: Scim) -> None:
    answer = scim.post("/Users", FULL)
    assert answer.status_code == 201
    found = scim.client.get("/scim/v2/Users", {"filter": f'userName eq "{FULL["userName"]}"'}).json()
    assert found["totalResults"] == 1
    assert {name: found["Resources"][0][name] for name in SHOWN} == SHOWN


def test_create_a_duplicate_user(scim: Scim) -> None:
    assert [scim.post("/Users", FULL).status_code for _ in range(2)] == [201, 409]


@pytest.mark.parametrize("name, count", [("ford_purdy@x.uk", 1), ("FORD_PURDY@X.UK", 1), ("ford_purd@x.uk", 0)])
def test_filter_for_a_user_by_name_in_any_case(scim: Scim, name: str, count: int) -> None:
    scim.user("ford_purdy@x.uk")
    answer = scim.get(f"/Users?filter=userName+eq+%22{name}%22")
    assert (answer.status_code, answer.json()["totalResults"]) == (200, count)


@pytest.mark.parametrize("verb", ["add", "replace", "Add", "Replace"])
@pytest.mark.parametrize("start", ["bare", "full"])
def test_patch_36_attributes_by_path(scim: Scim, verb: str, start: str) -> None:
    body = {"schemas": [USER], "userName": "bob"} if start == "bare" else FULL
    user_id = scim.post("/Users", body).json()["id"]
    operations = [{"op": verb, "path": path, "value": value} for path, value in ATTRIBUTES.items()]
    assert scim.patch(f"/Users/{user_id}", *operations).status_code == 200
    shown = scim.get(f"/Users/{user_id}").json()
    assert {path: read(shown, path) for path in ATTRIBUTES} == ATTRIBUTES


def test_patch_attributes_by_a_map(scim: Scim, ann: str) -> None:
    changes = {path: value for path, value in ATTRIBUTES.items() if "[" not in path}
    by_path = [{"op": "replace", "path": path, "value": value} for path, value in ATTRIBUTES.items() if "[" in path]
    assert scim.patch(f"/Users/{ann}", *by_path, {"op": "replace", "value": changes}).status_code == 200
    shown = scim.get(f"/Users/{ann}").json()
    assert {path: read(shown, path) for path in ATTRIBUTES} == ATTRIBUTES


def test_update_the_user_name(scim: Scim, ann: str) -> None:
    assert scim.patch(f"/Users/{ann}", {"op": "replace", "value": {"userName": "new"}}).status_code == 200
    assert (scim.find("Users", 'userName eq "new"'), scim.find("Users", 'userName eq "ann"')) == ([ann], [])


@pytest.mark.parametrize(
    "verb, word, state", [("replace", False, False), ("Replace", "False", False), ("Replace", True, True)]
)
def test_disable_and_restore_a_user(scim: Scim, verb: str, word: Any, state: bool) -> None:  # noqa: FBT001  # the state asked for
    user_id = scim.user("bob", active=not state)
    scim.patch(f"/Users/{user_id}", {"op": verb, "path": "active", "value": word})
    assert scim.get(f"/Users/{user_id}").json()["active"] is state
    assert scim.find("Users", f"active eq {str(state).lower()}") == [user_id]


def test_add_replace_and_remove_a_manager(scim: Scim, ann: str) -> None:
    bosses = [scim.user("boss1"), scim.user("boss2")]
    for verb, boss in zip(("Add", "replace"), bosses, strict=True):
        scim.patch(f"/Users/{ann}", {"op": verb, "path": MANAGER, "value": boss})
        assert scim.get(f"/Users/{ann}").json()[ENTERPRISE]["manager"]["value"] == boss
    scim.patch(f"/Users/{ann}", {"op": "replace", "path": MANAGER, "value": ""})
    assert ENTERPRISE not in scim.get(f"/Users/{ann}").json()


@pytest.mark.parametrize("endpoint", ["Users", "Groups"])
def test_delete_once_twice_and_what_was_never_there(scim: Scim, endpoint: str) -> None:
    one = scim.user("bob") if endpoint == "Users" else scim.group("team")
    assert [scim.delete(f"/{endpoint}/{one}").status_code for _ in range(2)] == [204, 404]
    assert scim.get(f"/{endpoint}/{one}").status_code == 404
    assert scim.delete(f"/{endpoint}/3a4b0d5e-7d7c-4d5b-9d7e-0f0f0f0f0f0f").status_code == 404


@pytest.mark.parametrize("name, count", [("UHYYWKURUTZS", 1), ("uhyywkurutzs", 1), ("nothing", 0)])
@pytest.mark.parametrize("excluded", ["", "excludedAttributes=members&"])
def test_filter_for_a_group_with_and_without_members(
    scim: Scim, ann: str, excluded: str, name: str, count: int
) -> None:
    scim.group("UHYYWKURUTZS", ann)
    answer = scim.get(f"/Groups?{excluded}filter=displayName+eq+%22{name}%22").json()
    assert answer["totalResults"] == count
    assert all(("members" in each) is not bool(excluded) for each in answer["Resources"])


def test_create_a_group_and_a_duplicate(scim: Scim) -> None:
    body = {
        "displayName": "ZGHZBQHCAPZU",
        "externalId": "087af0b9",
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    }
    assert [scim.post("/Groups", body).status_code for _ in range(2)] == [201, 409]


@pytest.mark.parametrize("name", ["displayName", "externalId"])
def test_replace_an_attribute_of_a_group(scim: Scim, name: str) -> None:
    group = scim.group("team")
    assert scim.patch(f"/Groups/{group}", {"op": "replace", "value": {name: "WUZPWMBDDCGI"}}).status_code == 204
    assert scim.find("Groups", f'{name} eq "WUZPWMBDDCGI"') == [group]


def test_add_a_member_by_replace_and_remove_one_of_two(scim: Scim, ann: str) -> None:
    bob, group = scim.user("bob"), scim.group("team")
    both = [{"value": ann}, {"value": bob}]
    assert scim.patch(f"/Groups/{group}", {"op": "replace", "path": "members", "value": both}).status_code == 204
    assert scim.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{ann}"]'}).status_code == 204
    assert scim.members(group) == {bob}


def test_several_operations_on_different_attributes(scim: Scim) -> None:
    user_id = scim.user("bob", preferredLanguage="hi", displayName="old")
    operations = (
        {"op": "remove", "path": "preferredLanguage"},
        {"op": "add", "path": "externalId", "value": "e"},
        {"op": "replace", "path": "displayName", "value": "new"},
    )
    shown = scim.patch(f"/Users/{user_id}", *operations).json()
    assert ("preferredLanguage" in shown, shown["externalId"], shown["displayName"]) == (False, "e", "new")


def test_validate_credentials_and_page_through_eleven(scim: Scim) -> None:
    assert scim.get("/Users?startIndex=1&count=1").status_code == 200
    for number in range(11):
        scim.user(f"user{number}")
        scim.group(f"group{number}")
    for endpoint in ("Users", "Groups"):
        for page in range(3):
            shown = scim.get(f"/{endpoint}?startIndex={page * 5 + 1}&count=5").json()
            assert (shown["startIndex"], shown["totalResults"]) == (page * 5 + 1, 11)

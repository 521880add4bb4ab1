"""Groups and their members: RFC 7643 §4.2, with what Entra sends and wants."""

from typing import Any

import pytest

from securelogin.directory.ids import uuid7
from securelogin.directory.models import Membership
from securelogin.logbook.models import Entry
from tests.scim.conftest import GROUP, Scim

ADSCIM = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"


def add(*ids: str, **extra: Any) -> dict[str, Any]:
    return {"op": "Add", "path": "members", "value": [{**extra, "value": one} for one in ids]}


def change(scim: Scim, group_id: str, *operations: dict[str, Any]) -> set[str]:
    """Apply operations, which is answered with no body, and return who is a member now."""
    answer = scim.patch(f"/Groups/{group_id}", *operations)
    assert (answer.status_code, answer.content) == (204, b""), answer.content
    return scim.members(group_id)


def test_a_group_is_created_as_entra_sends_it(scim: Scim) -> None:
    body = {
        "schemas": [GROUP, ADSCIM],
        "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
        "displayName": "Test'GroupTwnbct",
        "members": [],
        "meta": {"resourceType": "Group"},
    }
    answer = scim.post("/Groups", body)
    assert answer.status_code == 201
    shown = answer.json()
    assert answer["Location"] == shown["meta"]["location"] == f"http://127.0.0.1:8000/scim/v2/Groups/{shown['id']}"
    assert (shown["displayName"], shown["externalId"]) == (body["displayName"], body["externalId"])
    assert shown["schemas"] == [GROUP]
    for expression in ('displayName eq "test\'grouptwnbct"', f'externalId eq "{body["externalId"]}"'):
        assert scim.find("Groups", expression) == [shown["id"]]


@pytest.mark.parametrize("name", ["Team", "TEAM", "ｔｅａｍ"])  # noqa: RUF001  # on purpose: it means the same
def test_the_name_of_a_group_is_taken_once_whatever_its_case(scim: Scim, neighbour: Scim, name: str) -> None:
    group_id = scim.group("team")
    answer = scim.post("/Groups", {"displayName": name})
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert group_id in answer.json()["detail"]
    other = scim.group("other")
    assert scim.patch(f"/Groups/{other}", {"op": "replace", "value": {"displayName": name}}).status_code == 409
    assert neighbour.group(name) != group_id


def test_members_come_and_go(scim: Scim) -> None:
    ann, bob, eve = (scim.user(name) for name in ("ann", "bob", "eve"))
    group = scim.group("team")
    assert change(scim, group, add(ann, **{"$ref": None})) == {ann}
    assert change(scim, group, add(bob, eve)) == {ann, bob, eve}
    assert change(scim, group, {"op": "Remove", "path": "members", "value": [{"value": ann, "$ref": None}]}) == {
        bob,
        eve,
    }
    assert change(scim, group, {"op": "remove", "path": f'members[value eq "{bob}"]'}) == {eve}
    assert scim.find("Groups", f'id eq "{group}" and members eq "{eve}"') == [group]
    assert scim.find("Groups", f"members eq {ann} and id eq {group}") == []
    shown = scim.get(f"/Users/{eve}").json()
    assert [(each["value"], each["display"]) for each in shown["groups"]] == [(group, "team")]
    assert "groups" not in scim.get(f"/Users/{ann}").json()


def test_replacing_members_leaves_only_those(scim: Scim) -> None:
    ann, bob, eve = (scim.user(name) for name in ("ann", "bob", "eve"))
    group = scim.group("team", ann, bob)
    replace = {"op": "replace", "path": "members", "value": [{"value": bob}, {"value": eve}]}
    assert change(scim, group, replace) == {bob, eve}
    assert change(scim, group, {"op": "replace", "value": {"members": [{"value": ann}]}}) == {ann}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Remove", "path": "members"},
        {"op": "replace", "path": "members", "value": None},
        {"op": "replace", "path": "members", "value": []},
        {"op": "replace", "value": {"members": []}},
    ],
)
def test_a_group_is_emptied_only_by_saying_so(scim: Scim, operation: dict[str, Any]) -> None:
    group = scim.group("team", scim.user("ann"), scim.user("bob"))
    assert change(scim, group, operation) == set()


@pytest.mark.parametrize("value", [[], [{"value": str(uuid7())}]])
def test_removing_nobody_empties_nothing(scim: Scim, value: list[Any]) -> None:
    ann = scim.user("ann")
    group = scim.group("team", ann)
    assert change(scim, group, {"op": "Remove", "path": "members", "value": value}) == {ann}


def test_adding_twice_and_removing_twice_succeed_and_write_nothing(scim: Scim) -> None:
    ann, bob = scim.user("ann"), scim.user("bob")
    group = scim.group("team", ann)
    version = scim.get(f"/Groups/{group}").json()["meta"]["version"]
    assert change(scim, group, add(ann, ann)) == {ann}
    assert change(scim, group, {"op": "Remove", "path": "members", "value": [{"value": bob}]}) == {ann}
    assert scim.get(f"/Groups/{group}").json()["meta"]["version"] == version


def test_a_member_is_added_and_removed_in_one_request(scim: Scim) -> None:
    ann, bob = scim.user("ann"), scim.user("bob")
    group = scim.group("team", bob)
    assert change(scim, group, add(ann), {"op": "remove", "path": f'members[value eq "{ann}"]'}) == {bob}
    assert change(scim, group, {"op": "remove", "path": f'members[value eq "{bob}"]'}, add(bob)) == {bob}


@pytest.mark.parametrize(
    "unknown",
    ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-00000000000G", "1", "admin", "x" * 300, "%"],
)
def test_an_unknown_member_is_refused_by_name_and_nothing_changes(scim: Scim, unknown: str) -> None:
    ann, bob = scim.user("ann"), scim.user("bob")
    group = scim.group("team", ann)
    before = scim.get(f"/Groups/{group}").json()
    answer = scim.patch(f"/Groups/{group}", {"op": "replace", "path": "displayName", "value": "new"}, add(bob, unknown))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert unknown in answer.json()["detail"]
    assert scim.get(f"/Groups/{group}").json() == before
    refused = scim.post("/Groups", {"displayName": "another", "members": [{"value": ann}, {"value": unknown}]})
    assert refused.status_code == 400
    assert scim.find("Groups", 'displayName eq "another"') == []


def test_a_person_of_another_domain_cannot_become_a_member(scim: Scim, neighbour: Scim) -> None:
    stranger = neighbour.user("ann")
    group = scim.group("team")
    answer = scim.patch(f"/Groups/{group}", add(stranger))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert (
        scim.patch(f"/Groups/{group}", {"op": "replace", "path": "members", "value": [{"value": stranger}]}).status_code
        == 400
    )
    assert scim.put(f"/Groups/{group}", {"displayName": "team", "members": [{"value": stranger}]}).status_code == 400
    assert not Membership.objects.exists()


def test_a_group_as_a_member_is_skipped_with_a_warning(scim: Scim) -> None:
    ann, inner, outer = scim.user("ann"), scim.group("inner"), scim.group("outer")
    assert change(scim, outer, add(inner, ann)) == {ann}
    assert inner in str(Entry.objects.filter(method="PATCH").latest("id").warnings)


def test_a_put_that_does_not_name_members_leaves_them_and_an_empty_list_empties(scim: Scim) -> None:
    ann = scim.user("ann")
    group = scim.group("team", ann)
    assert scim.put(f"/Groups/{group}", {"displayName": "Team 2"}).json()["members"][0]["value"] == ann
    assert "members" not in scim.put(f"/Groups/{group}", {"displayName": "Team 2", "members": []}).json()


@pytest.mark.parametrize("asked", ["query", "prefer"])
def test_a_patch_of_a_group_answers_with_it_when_asked(scim: Scim, asked: str) -> None:
    ann = scim.user("ann")
    group = scim.group("team")
    query = "?attributes=members" if asked == "query" else ""
    headers = {"prefer": "return=representation"} if asked == "prefer" else {}
    answer = scim.patch(f"/Groups/{group}{query}", add(ann), **headers)
    assert answer.status_code == 200
    assert [each["value"] for each in answer.json()["members"]] == [ann]
    assert ("displayName" in answer.json()) is (asked == "prefer")


@pytest.mark.parametrize("value", [{"display": "x"}, {"value": ""}, {"value": 7}, {"value": None}, 7, [[]]])
def test_a_member_without_an_id_is_refused(scim: Scim, value: Any) -> None:
    ann = scim.user("ann")
    group = scim.group("team", ann)
    answer = scim.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [value]})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert scim.members(group) == {ann}


def test_many_members_come_in_one_request_and_go_in_one(scim: Scim) -> None:
    people = [scim.user(f"user{number}") for number in range(120)]
    group = scim.group("team")
    assert change(scim, group, add(*people)) == set(people)
    assert change(
        scim, group, {"op": "Remove", "path": "members", "value": [{"value": one} for one in people[:-1]]}
    ) == {people[-1]}


def test_members_are_not_shown_when_they_are_excluded(scim: Scim) -> None:
    group = scim.group("team", scim.user("ann"))
    assert "members" not in scim.get(f"/Groups/{group}?excludedAttributes=members").json()
    found = scim.client.get(
        "/scim/v2/Groups", {"excludedAttributes": "members", "filter": 'displayName eq "team"'}
    ).json()
    assert (found["totalResults"], "members" in found["Resources"][0]) == (1, False)
    assert "members" in scim.client.get("/scim/v2/Groups", {"filter": "displayName eq team"}).json()["Resources"][0]


def test_deleting_a_person_takes_the_memberships_and_tells_the_groups(scim: Scim) -> None:
    ann, bob = scim.user("ann"), scim.user("bob")
    group = scim.group("team", ann, bob)
    version = scim.get(f"/Groups/{group}").json()["meta"]["version"]
    assert scim.delete(f"/Users/{ann}").status_code == 204
    assert scim.members(group) == {bob}
    assert scim.get(f"/Groups/{group}").json()["meta"]["version"] != version


def test_deleting_a_group_leaves_its_people(scim: Scim) -> None:
    ann = scim.user("ann")
    group = scim.group("team", ann)
    assert scim.delete(f"/Groups/{group}").status_code == 204
    assert [scim.delete(f"/Groups/{group}").status_code, scim.get(f"/Groups/{group}").status_code] == [404, 404]
    assert "groups" not in scim.get(f"/Users/{ann}").json()

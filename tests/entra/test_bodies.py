"""Bodies, in both dialects, as Entra's documentation and captures show them."""

import json

import pytest

from entra import bodies
from entra.dialect import Chaos, Dialect, Style
from entra.targets import ENTERPRISE

LEGACY, SCIM = Style(Dialect.LEGACY), Style(Dialect.SCIM)
WORK = 'emails[type eq "work"].value'
NUMBER = f"{ENTERPRISE}:employeeNumber"


def odd(*chaos: Chaos) -> Style:
    return Style(chaos=frozenset(chaos))


def test_the_legacy_dialect_has_capitals_and_one_operation_for_each_attribute() -> None:
    message = bodies.user_update({"displayName": "Pvlo", WORK: "a@b"}, {"displayName": "Old"}, LEGACY)
    assert message == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "Replace", "path": "displayName", "value": "Pvlo"},
            {"op": "Add", "path": WORK, "value": "a@b"},
        ],
    }


@pytest.mark.parametrize("active,text", [(True, "True"), (False, "False")])
def test_the_legacy_dialect_writes_booleans_as_strings(active: bool, text: str) -> None:  # noqa: FBT001 - the case
    message = bodies.user_update({"active": active}, {"active": not active}, LEGACY)
    assert message["Operations"] == [{"op": "Replace", "path": "active", "value": text}]


def test_the_compliant_dialect_gathers_what_needs_no_path() -> None:
    existing = {"displayName": "a", "name.givenName": "b", NUMBER: "c", WORK: "d"}
    changes = {WORK: "D", "displayName": "A", "name.givenName": "B", NUMBER: "C", "title": "E"}
    assert bodies.user_update(changes, existing, SCIM)["Operations"] == [
        {"op": "replace", "path": WORK, "value": "D"},
        {"op": "add", "path": "title", "value": "E"},
        {"op": "replace", "value": {"displayName": "A", "name.givenName": "B", NUMBER: "C"}},
    ]


def test_the_compliant_dialect_disables_with_a_real_boolean() -> None:
    message = bodies.user_update({"active": False}, {"active": True}, SCIM)
    assert message["Operations"] == [{"op": "replace", "path": "active", "value": False}]


def test_the_documented_way_of_disabling_mixes_both_dialects() -> None:
    message = bodies.user_update({"active": False}, {"active": True}, odd(Chaos.MIXED_DISABLE, Chaos.OPERATIONS_FIRST))
    assert json.dumps(message).startswith('{"Operations": [{"op": "Replace", "path": "active", "value": false}]')


def test_members_are_added_in_one_operation() -> None:
    operation = {"op": "Add", "path": "members", "value": [{"value": "u1"}, {"value": "u2"}]}
    assert bodies.members_add(["u1", "u2"], LEGACY)["Operations"] == [operation]
    assert bodies.members_add(["u1"], odd(Chaos.REF_NULL))["Operations"][0]["value"] == [{"$ref": None, "value": "u1"}]


def test_a_member_is_removed_by_value_in_one_dialect_and_by_path_in_the_other() -> None:
    legacy = {"op": "Remove", "path": "members", "value": [{"value": "u1091"}]}
    assert bodies.member_remove("u1091", LEGACY)["Operations"] == [legacy]
    compliant = {"op": "remove", "path": 'members[value eq "u1091"]'}
    assert bodies.member_remove("u1091", SCIM)["Operations"] == [compliant]


def test_a_line_manager_is_a_bare_string_and_is_cleared_with_an_empty_one() -> None:
    path = f"{ENTERPRISE}:manager"
    assert bodies.manager_set("M1", LEGACY)["Operations"] == [{"op": "Add", "path": path, "value": "M1"}]
    assert bodies.manager_clear("U1", LEGACY)["Operations"] == [{"op": "replace", "path": path, "value": ""}]


def test_a_line_manager_comes_in_three_forms_when_asked_for() -> None:
    style = odd(Chaos.MANAGER_FORMS)
    values = [bodies.manager_set(name, style)["Operations"][0]["value"] for name in ("c", "a", "b")]
    assert values == ["c", {"value": "a"}, [{"$ref": "/Users/b", "value": "b"}]]


def test_a_group_is_renamed_in_both_dialects() -> None:
    legacy = bodies.group_rename({"displayName": "New"}, LEGACY)["Operations"]
    assert legacy == [{"op": "Replace", "path": "displayName", "value": "New"}]
    compliant = bodies.group_rename({"displayName": "New"}, SCIM)["Operations"]
    assert compliant == [{"op": "replace", "value": {"displayName": "New"}}]


def test_a_group_is_made_without_members() -> None:
    assert bodies.new_group("Org Admin", "8aa1", LEGACY) == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "externalId": "8aa1",
        "displayName": "Org Admin",
        "members": [],
        "meta": {"resourceType": "Group"},
    }


def test_a_new_user_may_carry_nulls_strings_and_unknown_attributes() -> None:
    style = odd(Chaos.NULLS_IN_POST, Chaos.STRINGS_IN_POST, Chaos.UNKNOWN_ATTRIBUTES)
    body = bodies.new_user({"userName": "ann", "active": True}, style)
    assert body["addresses"] is None
    assert body["active"] == "True"
    assert body["schemas"][-1].endswith("enterprise:2.0User")
    assert "favouriteColour" in body

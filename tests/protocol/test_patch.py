"""PATCH in both of Entra's dialects: RFC 7644 §3.5.2, on the attributes of a user."""

from typing import Any

import pytest

from scim.protocol.errors import (
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    ScimError,
)
from scim.protocol.patch import Operation, Patch, apply, read_patch
from scim.protocol.schemas import ENTERPRISE_URN, USER

MANAGER = f"{ENTERPRISE_URN}:manager"


def read(*operations: Any) -> Patch:
    return read_patch({"Operations": list(operations)}, USER)


def patched(before: dict[str, Any], *operations: Any) -> dict[str, Any]:
    """Apply to a person, and leave her name out of the answer."""
    after = apply({"userName": "ann", **before}, read(*operations).operations)
    return {name: value for name, value in after.items() if name != "userName"}


def op(verb: str, path: str, value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path, "value": value}


@pytest.mark.parametrize("verb", ["add", "Add", "ADD", "replace", "Replace"])
@pytest.mark.parametrize(
    "path", ["displayName", "DISPLAYNAME", "urn:ietf:params:scim:schemas:core:2.0:User:displayName"]
)
def test_verbs_and_names_are_read_in_any_case(verb: str, path: str) -> None:
    assert patched({"displayName": "old"}, op(verb, path, "new")) == {"displayName": "new"}


def test_the_text_true_stays_a_text() -> None:
    assert patched({}, op("Replace", "displayName", "True")) == {"displayName": "True"}


@pytest.mark.parametrize("value", [None, "old", "another"])
def test_a_single_value_is_removed_whatever_value_is_sent_along(value: Any) -> None:
    assert patched({"title": "old"}, op("Remove", "title", value)) == {}


def test_a_map_without_a_path_is_applied_key_by_key() -> None:
    value = {
        "displayName": "Bjfe",
        "name.givenName": "Kkom",
        "name": {"familyName": "Unua"},
        f"{ENTERPRISE_URN}:employeeNumber": "Aklq",
        ENTERPRISE_URN: {"department": "Sales"},
        'emails[type eq "work"].value': "w",
    }
    before = {"name": {"middleName": "M"}, ENTERPRISE_URN: {"division": "West"}}
    assert patched(before, {"op": "replace", "value": value}) == {
        "displayName": "Bjfe",
        "name": {"middleName": "M", "givenName": "Kkom", "familyName": "Unua"},
        ENTERPRISE_URN: {"division": "West", "employeeNumber": "Aklq", "department": "Sales"},
        "emails": [{"type": "work", "value": "w"}],
    }


def test_every_operation_touches_one_attribute() -> None:
    value = {"name": {"givenName": "A", "familyName": "B"}, ENTERPRISE_URN: {"department": "D"}, "title": ""}
    names = [each.target.name for each in read({"op": "replace", "value": value}).operations]
    assert names == ["name.givenName", "name.familyName", f"{ENTERPRISE_URN}:department", "title"]


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_inside_an_object_clears_one_part(nothing: Any) -> None:
    before = {"name": {"givenName": "A", "familyName": "B"}}
    for operation in (
        {"op": "replace", "value": {"name": {"familyName": nothing}}},
        op("replace", "name", {"familyName": nothing}),
        op("replace", "name.familyName", nothing),
    ):
        assert patched(before, operation) == {"name": {"givenName": "A"}}


@pytest.mark.parametrize("verb", ["add", "replace"])
def test_an_object_is_merged_into_a_complex_attribute(verb: str) -> None:
    after = patched({"name": {"givenName": "A"}}, op(verb, "name", {"FamilyName": "B"}))
    assert after == {"name": {"givenName": "A", "familyName": "B"}}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("path", ["title", "name", "emails", "active", MANAGER, "name.givenName"])
def test_replacing_with_nothing_removes(path: str, nothing: Any) -> None:
    before = {
        "title": "T",
        "name": {"givenName": "A"},
        "emails": [{"value": "x"}],
        "active": True,
        ENTERPRISE_URN: {"manager": {"value": "m"}},
    }
    gone = {MANAGER: ENTERPRISE_URN, "name.givenName": "name"}.get(path, path)
    expected = {name: value for name, value in before.items() if name != gone}
    assert patched(before, op("replace", path, nothing)) == expected


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("path", ["title", "emails", "name"])
def test_adding_nothing_does_nothing(path: str, nothing: Any) -> None:
    before = {"title": "T", "emails": [{"value": "x"}], "name": {"givenName": "A"}}
    assert patched(before, op("add", path, nothing)) == before


@pytest.mark.parametrize("value", ["m-2", {"value": "m-2"}, [{"$ref": "http://x/Users/m-2", "value": "m-2"}]])
@pytest.mark.parametrize("path", [MANAGER, "manager", f"{ENTERPRISE_URN}.manager", MANAGER.upper()])
def test_a_manager_is_set_in_every_shape(path: str, value: Any) -> None:
    before = {ENTERPRISE_URN: {"manager": {"value": "m-1", "$ref": "http://x/Users/m-1"}}}
    manager = patched(before, op("Add", path, value))[ENTERPRISE_URN]["manager"]
    assert manager["value"] == "m-2"
    assert manager.get("$ref") in (None, "http://x/Users/m-2")


@pytest.mark.parametrize(
    "operation",
    [
        op("replace", MANAGER, ""),
        op("replace", MANAGER, {"value": ""}),
        op("replace", MANAGER, {"value": None, "$ref": "x"}),
        op("replace", MANAGER, None),
        op("replace", f"{MANAGER}.value", ""),
        {"op": "Remove", "path": MANAGER},
        {"op": "replace", "value": {MANAGER: ""}},
        {"op": "replace", "value": {ENTERPRISE_URN: {"manager": None}}},
        {"op": "remove", "path": ENTERPRISE_URN},
        op("replace", ENTERPRISE_URN, None),
    ],
)
def test_a_manager_is_removed_in_every_shape(operation: dict[str, Any]) -> None:
    assert patched({ENTERPRISE_URN: {"manager": {"value": "m-1"}}}, operation) == {}


@pytest.mark.parametrize(
    "path", ["shoeSize", "name.nick", "emails.nick", 'emails[nick eq "x"].value', f"{ENTERPRISE_URN}:x"]
)
@pytest.mark.parametrize("verb", ["add", "replace", "remove"])
def test_an_unknown_attribute_does_not_block_its_neighbours(verb: str, path: str) -> None:
    operations = [op(verb, path, "x"), op("replace", "active", "False")]
    patch = read(*operations)
    assert patched({"active": True}, *operations) == {"active": False}
    assert path in patch.warnings[0]


def test_an_unknown_extension_is_kept_under_its_urn() -> None:
    urn = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User"
    after = patched({}, op("add", f"{urn}:tag", "a"), {"op": "replace", "value": {urn: {"bag": [1]}, f"{urn}:x": "y"}})
    assert after == {urn: {"tag": "a", "bag": [1], "x": "y"}}
    assert patched(after, {"op": "remove", "path": f"{urn}:tag"}) == {urn: {"bag": [1], "x": "y"}}
    assert patched(after, op("replace", urn, {"tag": None})) == {urn: {"bag": [1], "x": "y"}}
    assert patched(after, {"op": "remove", "path": urn}) == {}
    assert read(op("add", f"{urn}:tag", "a")).operations[0].target.name == f"{urn}:tag"


@pytest.mark.parametrize("verb", ["add", "replace"])
def test_an_unknown_extension_keeps_its_first_spelling(verb: str) -> None:
    urn = "urn:my:ext:2.0:User"
    held = {urn: {"a": 1, "b": 2}}
    assert patched(held, op(verb, f"{urn.upper()}:c", 3)) == {urn: {"a": 1, "b": 2, "c": 3}}
    assert patched(held, op(verb, urn.upper(), {"c": 3})) == {urn: {"a": 1, "b": 2, "c": 3}}
    assert patched(held, {"op": "remove", "path": "URN:my:ext:2.0:USER:a"}) == {urn: {"b": 2}}
    assert patched(held, {"op": "remove", "path": urn.upper()}) == {}
    assert patched({}, op(verb, f"{urn}:a", 1), op(verb, f"{urn.upper()}:b", 2)) == held


@pytest.mark.parametrize("path", ["id", "meta", "meta.created", "groups", "groups.value", "schemas"])
def test_a_read_only_attribute_is_refused_on_a_path(path: str) -> None:
    with pytest.raises(Mutability, match="set by this server"):
        read(op("replace", path, "x"))


@pytest.mark.parametrize("verb", ["add", "replace", "remove"])
def test_a_read_only_part_is_passed_over_on_a_path_with_a_note(verb: str) -> None:
    operations = [op(verb, f"{MANAGER}.displayName", "Bo"), op("replace", "active", "False")]
    assert patched({"active": True}, *operations) == {"active": False}
    assert "manager.displayName is set by this server and was ignored" in read(*operations).warnings[0]


def test_a_read_only_attribute_is_passed_over_in_a_map() -> None:
    patch = read({"op": "replace", "value": {"id": "1", "schemas": [], "groups": [], "meta": {}, "title": "T"}})
    assert [each.target.name for each in patch.operations] == ["title"]
    assert patch.warnings == ()


def test_a_password_is_discarded_on_a_path_and_in_a_map() -> None:
    patch = read(op("replace", "password", "hunter2"), {"op": "add", "value": {"password": "hunter2"}})
    assert patch.operations == ()
    assert len(patch.warnings) == 1
    assert "hunter2" not in patch.warnings[0]


def test_operations_are_applied_in_order() -> None:
    operations = [{"op": "remove", "path": "title"}, op("add", "title", "a"), op("replace", "title", "b")]
    assert patched({"title": "old"}, *operations) == {"title": "b"}


def test_the_given_document_is_never_touched() -> None:
    before = {
        "userName": "ann",
        "name": {"givenName": "A"},
        "emails": [{"value": "x"}],
        ENTERPRISE_URN: {"department": "D"},
    }
    copy = {**before, "name": {"givenName": "A"}, "emails": [{"value": "x"}], ENTERPRISE_URN: {"department": "D"}}
    patch = read(
        op("replace", "name.givenName", "B"),
        op("replace", "emails.value", "y"),
        op("replace", f"{ENTERPRISE_URN}:department", "E"),
        op("replace", "userName", "bob"),
    )
    assert apply(before, patch.operations) != before
    assert before == copy


def test_json_inside_a_string_is_kept_verbatim() -> None:
    value = '{"id":"06b07648","value":"25","displayName":"Role1234"}'
    assert patched({}, op("Add", "roles", [{"value": value}])) == {"roles": [{"value": value}]}


@pytest.mark.parametrize("path", ["userName", "USERNAME"])
@pytest.mark.parametrize(
    "operation", [{"op": "remove"}, {"op": "replace", "value": ""}, {"op": "replace", "value": None}]
)
def test_a_required_attribute_cannot_be_removed(path: str, operation: dict[str, Any]) -> None:
    with pytest.raises(Mutability, match="userName is required"):
        patched({}, {**operation, "path": path})


def test_a_required_attribute_may_be_removed_and_added_in_one_request() -> None:
    patch = read({"op": "remove", "path": "userName"}, op("add", "userName", "bob"))
    assert apply({"userName": "ann"}, patch.operations) == {"userName": "bob"}


@pytest.mark.parametrize(
    "body,error",
    [
        ({}, InvalidSyntax),
        ({"Operations": []}, InvalidSyntax),
        ({"Operations": {}}, InvalidSyntax),
        ({"Operations": [{"op": "move", "path": "title"}]}, InvalidSyntax),
        ({"Operations": [{"path": "title", "value": "x"}]}, InvalidSyntax),
        ({"Operations": [{"op": "remove"}]}, NoTarget),
        ({"Operations": [{"op": "remove", "value": {"title": "x"}}]}, NoTarget),
        ({"Operations": [{"op": "add", "path": "title"}]}, InvalidValue),
        ({"Operations": [{"op": "add", "value": None}]}, InvalidValue),
        ({"Operations": [{"op": "add", "value": [{"title": "x"}]}]}, InvalidValue),
        ({"Operations": [{"op": "add", "path": "emails[", "value": "x"}]}, InvalidPath),
        ({"Operations": [{"op": "add", "path": 'title[a eq "x"]', "value": "x"}]}, InvalidPath),
        ({"Operations": [{"op": "add", "path": 'manager[value eq "x"]', "value": "x"}]}, InvalidPath),
        ({"Operations": [{"op": "add", "path": "emails[primary gt true]", "value": "x"}]}, InvalidFilter),
        ({"Operations": [{"op": "add", "path": "active", "value": "maybe"}]}, InvalidValue),
        ({"Operations": [{"op": "add", "path": "name", "value": "Ann"}]}, InvalidValue),
        ({"Operations": [{"op": "add", "path": "urn:x:2.0:User", "value": "Ann"}]}, InvalidValue),
    ],
)
def test_what_is_no_patch_is_refused_in_the_right_word(body: Any, error: type[ScimError]) -> None:
    with pytest.raises(error):
        read_patch(body, USER)


def test_schemas_may_be_missing_or_come_last_and_keys_have_any_case() -> None:
    body = {"operations": [{"OP": "Add", "Path": "title", "Value": "T"}], "schemas": []}
    (operation,) = read_patch(body, USER).operations
    assert isinstance(operation, Operation)
    assert (operation.verb, operation.target.name, operation.value) == ("add", "title", "T")

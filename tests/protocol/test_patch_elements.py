"""PATCH on the elements of a multi-valued attribute: choosing, making, merging, dropping. RFC 7644 §3.5.2."""

from typing import Any

import pytest

from scim.protocol.errors import NoTarget
from scim.protocol.patch import apply, read_patch
from scim.protocol.schemas import USER


def patched(before: dict[str, Any], *operations: Any) -> dict[str, Any]:
    """Apply to a person, and leave her name out of the answer."""
    patch = read_patch({"Operations": list(operations)}, USER)
    after = apply({"userName": "ann", **before}, patch.operations)
    return {name: value for name, value in after.items() if name != "userName"}


def op(verb: str, path: str, value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path, "value": value}


def test_the_sub_attribute_of_a_chosen_element_is_read_in_any_case() -> None:
    assert patched({}, op("Add", 'Emails[Type eq "other"].Value', "x")) == {"emails": [{"type": "other", "value": "x"}]}


@pytest.mark.parametrize("value", [False, "False", "false"])
def test_a_boolean_may_be_a_string_on_a_path_in_a_map_and_in_an_element(value: Any) -> None:
    assert patched({"active": True}, op("Replace", "active", value)) == {"active": False}
    assert patched({"active": True}, {"op": "replace", "value": {"active": value}}) == {"active": False}
    assert patched({}, op("add", "emails", [{"value": "x", "primary": value}])) == {
        "emails": [{"value": "x", "primary": False}]
    }


@pytest.mark.parametrize("verb", ["Add", "Replace"])
def test_a_chosen_element_that_is_not_there_is_made_of_its_filter(verb: str) -> None:
    before = {"emails": [{"type": "home", "value": "h"}]}
    after = patched(before, op(verb, 'emails[type eq "work"].value', "w"))
    assert after["emails"] == [{"type": "home", "value": "h"}, {"type": "work", "value": "w"}]


def test_an_element_made_of_a_filter_serves_the_following_operations() -> None:
    operations = [op("Add", f'roles[primary eq "True"].{name}', name) for name in ("value", "display", "type")]
    assert patched({}, *operations) == {
        "roles": [{"primary": True, "value": "value", "display": "display", "type": "type"}]
    }


def test_an_element_made_of_a_filter_keeps_the_spelling_of_the_filter() -> None:
    after = patched({}, op("add", 'phoneNumbers[type eq "Mobile" and display eq "Ann"].value', "1"))
    assert after == {"phoneNumbers": [{"type": "Mobile", "display": "Ann", "value": "1"}]}


@pytest.mark.parametrize("selection", ['type ne "work"', 'type sw "w"', 'type eq "a" or type eq "b"', "not (type pr)"])
def test_no_element_can_be_made_of_another_filter(selection: str) -> None:
    with pytest.raises(NoTarget, match="emails"):
        patched({"emails": [{"type": "work"}]}, op("replace", f"emails[{selection} and value eq 'x'].value", "v"))


def test_removing_the_last_value_of_an_element_removes_the_element() -> None:
    before = {"emails": [{"type": "work", "value": "w", "primary": True}, {"type": "home", "value": "h"}]}
    path = 'emails[type eq "work"].value'
    for operation in ({"op": "Remove", "path": path}, op("replace", path, ""), op("replace", path, None)):
        assert patched(before, operation) == {"emails": [{"type": "home", "value": "h"}]}


def test_an_element_with_something_left_stays() -> None:
    before = {"addresses": [{"type": "work", "locality": "Utrecht", "region": "U"}]}
    after = patched(before, {"op": "remove", "path": 'addresses[type eq "work"].region'})
    assert after == {"addresses": [{"type": "work", "locality": "Utrecht"}]}


def test_the_last_element_takes_the_attribute_with_it() -> None:
    assert patched({"emails": [{"value": "x"}]}, {"op": "remove", "path": 'emails[value eq "X"]'}) == {}


def test_removing_with_values_removes_only_those() -> None:
    before = {"emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "work"}]}
    assert patched(before, op("Remove", "emails", [{"value": "A"}])) == {"emails": [before["emails"][1]]}
    assert patched(before, op("Remove", "emails", [{"value": "a", "type": "home"}])) == before
    assert patched(before, op("Remove", "emails", [])) == before
    assert patched(before, {"op": "Remove", "path": "emails"}) == {}


def test_adding_what_is_there_changes_nothing() -> None:
    before = {"emails": [{"value": "Ann@x.nl", "type": "work", "primary": True}]}
    assert patched(before, op("add", "emails", [{"value": "ann@X.nl", "type": "Work"}]))["emails"][0]["primary"]
    assert len(patched(before, op("add", "emails", [{"value": "ann@x.nl", "type": "work"}]))["emails"]) == 1
    assert len(patched(before, op("add", "emails", [{"value": "ann@x.nl", "type": "home"}]))["emails"]) == 2


def test_a_new_primary_demotes_the_others() -> None:
    before = {"emails": [{"value": "a", "primary": True}, {"value": "b"}]}
    for operation in (
        op("replace", 'emails[value eq "b"].primary', "True"),
        op("add", "emails", {"value": "b", "primary": True}),
    ):
        assert patched(before, operation)["emails"] == [
            {"value": "a", "primary": False},
            {"value": "b", "primary": True},
        ]


@pytest.mark.parametrize("verb", ["add", "replace"])
def test_an_object_is_merged_into_a_chosen_element(verb: str) -> None:
    before = {"addresses": [{"type": "work", "locality": "Utrecht", "region": "U"}]}
    after = patched(before, op(verb, 'addresses[type eq "work"]', {"locality": "Delft"}))
    assert after == {"addresses": [{"type": "work", "locality": "Delft", "region": "U"}]}


def test_of_several_made_primary_at_once_the_first_that_was_not_stays() -> None:
    before = [{"value": "a", "type": "x", "primary": True}, {"value": "b", "type": "x"}, {"value": "c", "type": "x"}]
    after = patched({"emails": before}, op("replace", 'emails[type eq "x"].primary', "True"))
    assert [each["primary"] for each in after["emails"]] == [False, True, False]

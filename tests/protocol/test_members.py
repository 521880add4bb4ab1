"""Membership as one net edit: RFC 7644 §3.5.2 on `members`, in the shapes Entra and its validator send."""

from typing import Any

import pytest

from scim.protocol.errors import InvalidFilter, InvalidPath, InvalidValue
from scim.protocol.evaluate import element_matches
from scim.protocol.members import MemberEdit, split_members
from scim.protocol.patch import read_patch
from scim.protocol.schemas import GROUP


def edit(*operations: dict[str, Any]) -> MemberEdit:
    members, others = split_members(read_patch({"Operations": list(operations)}, GROUP).operations)
    assert others == ()
    return members


def op(verb: str, value: Any, path: str = "members") -> dict[str, Any]:
    return {"op": verb, "path": path, "value": value}


@pytest.mark.parametrize(
    "value",
    [
        [{"value": "a"}, {"value": "b"}],
        [{"$ref": None, "value": "a"}, {"Value": "b", "type": "User", "display": "B"}],
        ["a", "b", "a"],
    ],
)
@pytest.mark.parametrize("verb", ["Add", "add"])
def test_members_are_added_in_every_shape(verb: str, value: Any) -> None:
    assert edit(op(verb, value)) == MemberEdit(add=("a", "b"))


@pytest.mark.parametrize("value", ["a", {"value": "a"}, [{"value": "a"}]])
def test_one_member_needs_no_list(value: Any) -> None:
    assert edit(op("Add", value)) == MemberEdit(add=("a",))
    assert edit({"op": "add", "value": {"members": value}}) == MemberEdit(add=("a",))


def test_removing_with_a_value_removes_only_those() -> None:
    assert edit(op("Remove", [{"value": "u1091"}])) == MemberEdit(remove=("u1091",))
    assert edit(op("Remove", [{"$ref": None, "value": "u1091"}])) == MemberEdit(remove=("u1091",))


def test_removing_an_empty_list_removes_nobody() -> None:
    assert not edit(op("Remove", []))


@pytest.mark.parametrize("operation", [{"op": "remove", "path": "members"}, op("Remove", None)])
def test_removing_without_a_value_empties_the_group(operation: dict[str, Any]) -> None:
    assert edit(operation) == MemberEdit(clear=True)


def test_a_member_is_removed_by_a_filter_on_its_id() -> None:
    assert edit({"op": "remove", "path": 'members[value eq "a"]'}) == MemberEdit(remove=("a",))
    assert edit({"op": "remove", "path": 'members[value eq "a" or value eq "b"]'}) == MemberEdit(remove=("a", "b"))
    assert edit({"op": "remove", "path": 'members[value eq "a"].value'}) == MemberEdit(remove=("a",))


@pytest.mark.parametrize("value", [[{"value": "a"}], ["a"], "a"])
def test_replacing_the_members_leaves_only_those(value: Any) -> None:
    assert edit(op("replace", value)) == MemberEdit(clear=True, add=("a",))
    assert edit({"op": "replace", "value": {"members": value}}) == MemberEdit(clear=True, add=("a",))


@pytest.mark.parametrize("nothing", [None, [], ""])
def test_replacing_the_members_with_nothing_empties_the_group(nothing: Any) -> None:
    assert edit(op("replace", nothing)) == MemberEdit(clear=True)


@pytest.mark.parametrize("nothing", [None, [], ""])
def test_adding_nobody_does_nothing(nothing: Any) -> None:
    assert not edit(op("add", nothing))


def test_the_last_word_on_an_id_counts() -> None:
    remove_a = {"op": "remove", "path": 'members[value eq "a"]'}
    assert edit(op("add", ["a"]), remove_a) == MemberEdit(remove=("a",))
    assert edit(remove_a, op("add", ["a"])) == MemberEdit(add=("a",))
    assert edit(op("add", ["a"]), op("replace", ["b"]), op("add", ["c"])) == MemberEdit(clear=True, add=("b", "c"))
    assert edit(op("replace", ["a", "b"]), remove_a) == MemberEdit(clear=True, add=("b",))


def test_other_filters_are_left_to_the_directory() -> None:
    result = edit({"op": "remove", "path": 'members[display sw "Ann"]'}, op("add", ["a"]))
    assert (result.add, result.remove, len(result.remove_matching)) == (("a",), (), 1)
    assert element_matches(result.remove_matching[0], {"value": "x", "display": "anna"})


def test_a_filter_on_ids_also_meets_those_added_before() -> None:
    result = edit(op("add", ["ab", "cd"]), {"op": "remove", "path": 'members[value sw "a"]'})
    assert (result.add, result.remove, len(result.remove_matching)) == (("cd",), ("ab",), 1)


@pytest.mark.parametrize("selection", ['not (value eq "cd")', 'value sw "a" and value pr'])
def test_a_filter_of_several_terms_on_ids_also_meets_those_added_before(selection: str) -> None:
    result = edit(op("add", ["ab", "cd"]), {"op": "remove", "path": f"members[{selection}]"})
    assert (result.add, result.remove, len(result.remove_matching)) == (("cd",), ("ab",), 1)


def test_a_removal_by_name_behind_an_addition_is_refused() -> None:
    with pytest.raises(InvalidPath, match="two requests"):
        edit(op("add", ["a"]), {"op": "remove", "path": 'members[display eq "Ann"]'})


@pytest.mark.parametrize(
    "value", [[{}], [{"value": ""}], [{"value": None}], [None], [[]], [{"value": {"a": 1}}], 1, True]
)
@pytest.mark.parametrize("verb", ["add", "replace", "remove"])
def test_a_member_without_an_id_is_refused(verb: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match="members"):
        edit(op(verb, value))


@pytest.mark.parametrize("path", ["members.value", 'members[value eq "a"]', 'members[value eq "a"].value'])
def test_members_are_not_edited(path: str) -> None:
    with pytest.raises(InvalidPath, match="added and removed"):
        edit(op("replace", "b", path))


@pytest.mark.parametrize("name", ["$ref", "type"])
def test_what_follows_from_the_id_is_ignored_with_a_warning(name: str) -> None:
    patch = read_patch({"Operations": [op("replace", "x", f'members[value eq "a"].{name}')]}, GROUP)
    assert patch.operations == ()
    assert name in patch.warnings[0]


def test_a_filter_on_an_unknown_part_removes_nobody() -> None:
    patch = read_patch({"Operations": [{"op": "remove", "path": 'members[nick eq "a"]'}]}, GROUP)
    assert patch.operations == ()
    with pytest.raises(InvalidFilter):
        read_patch({"Operations": [{"op": "remove", "path": "members[type gt null]"}]}, GROUP)


def test_members_and_other_attributes_are_separated() -> None:
    operations = [op("replace", {"displayName": "New", "members": ["a"]}, ""), op("add", "x-1", "externalId")]
    members, others = split_members(read_patch({"Operations": operations}, GROUP).operations)
    assert members == MemberEdit(clear=True, add=("a",))
    assert [each.target.name for each in others] == ["displayName", "externalId"]


def test_a_hundred_thousand_members_fit_in_one_operation() -> None:
    ids = [str(number) for number in range(100_000)]
    assert edit(op("add", [{"value": each} for each in ids])).add == tuple(ids)

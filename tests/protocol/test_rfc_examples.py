"""The examples of RFC 7643 §8 and RFC 7644 §3, each in a file named by its section."""

import json
from pathlib import Path
from typing import Any

import pytest

from scim.protocol.documents import read_document
from scim.protocol.evaluate import matches
from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.members import MemberEdit, members_of, split_members
from scim.protocol.patch import apply, read_patch
from scim.protocol.schemas import ENTERPRISE_URN, GROUP, USER

EXAMPLES = Path(__file__).parent / "rfc"
SERVER_SET = {"schemas", "id", "meta", "groups"}


def load(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"))


def named(pattern: str) -> list[str]:
    return sorted(path.name for path in EXAMPLES.glob(pattern))


def test_every_example_is_used() -> None:
    used = {*named("rfc7643-8.*"), *named("rfc7644-3.5.2.*"), "rfc7644-3.4.2.2-filters.json"}
    assert used == set(named("*"))
    assert len(used) == 16


@pytest.mark.parametrize("name", named("rfc7643-8.*user*"))
def test_a_user_is_kept_as_it_was_sent(name: str) -> None:
    body = load(name)
    document = read_document(body, USER)
    expected = {key: value for key, value in body.items() if key not in SERVER_SET}
    if ENTERPRISE_URN in expected:
        del expected[ENTERPRISE_URN]["manager"]["displayName"]  # read-only
    assert document.attributes == expected
    assert document.warnings == ()


def test_a_group_is_kept_with_the_ids_of_its_members() -> None:
    body = load("rfc7643-8.4-group.json")
    document = read_document(body, GROUP)
    assert document.attributes["displayName"] == "Tour Guides"
    assert members_of(document).add == tuple(each["value"] for each in body["members"])


@pytest.mark.parametrize("name", sorted(set(named("rfc7644-3.5.2.*")) - set(named("*members*"))))
def test_a_patch_of_a_user_has_the_effect_the_rfc_describes(name: str) -> None:
    example = load(name)
    patch = read_patch(example["patch"], USER)
    assert apply(example["before"], patch.operations) == example["after"]


@pytest.mark.parametrize("name", named("rfc7644-3.5.2.*members*"))
def test_a_patch_of_members_is_one_edit(name: str) -> None:
    example = load(name)
    edit, others = split_members(read_patch(example["patch"], GROUP).operations)
    expected = example["edit"]
    assert edit == MemberEdit(expected["clear"], tuple(expected["add"]), tuple(expected["remove"]))
    assert others == ()


@pytest.mark.parametrize("example", load("rfc7644-3.4.2.2-filters.json"), ids=lambda example: example["filter"])
def test_a_filter_holds_or_not_for_the_full_user(example: dict[str, Any]) -> None:
    bound = resolve(parse_filter(example["filter"]), USER)
    assert matches(bound, load("rfc7643-8.2-user-full.json")) is example["holds"]

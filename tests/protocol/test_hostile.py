"""What an attacker sends: long, deep, repeated, and with names that mean something to Python. RFC 7644 §7."""

from typing import Any

import pytest

from scim.protocol.documents import read_document
from scim.protocol.errors import InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue, ScimError, TooMany
from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter, parse_path
from scim.protocol.patch import apply, read_patch
from scim.protocol.projection import Projection
from scim.protocol.schemas import USER
from scim.protocol.strings import read_string

CANARIES = ["__class__", "_state", "password__x", "is_superuser", "__proto__", "toString.x", "userName__startswith"]


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "' + "\\" * 3_001,
        "(" * 8_000,
        "not(" * 2_000,
        "a[" * 2_000,
        "userName eq " + "x" * 30_000,
        " and ".join(["a pr"] * 1_000),
        " or ".join(["id pr"] * 201),
        "a" * 8_192,
        "urn:" * 2_000 + " pr",
    ],
)
def test_a_hostile_filter_is_refused(text: str) -> None:
    with pytest.raises(InvalidFilter):
        resolve(parse_filter(text), USER)


@pytest.mark.parametrize("count", [1_000, 100_000])
def test_reading_a_string_looks_at_each_quote_once(count: int) -> None:
    assert read_string('"' + '"   ' * count, 0) == ('"   ' * (count - 1), 1 + 4 * (count - 1) + 1)


def test_parentheses_may_stand_in_each_other_to_a_limit() -> None:
    assert parse_filter("(" * 32 + "title pr" + ")" * 32)
    with pytest.raises(InvalidFilter, match="too deep"):
        parse_filter("(" * 33 + "title pr" + ")" * 33)


def test_a_long_path_is_refused() -> None:
    with pytest.raises(InvalidPath, match="too long"):
        parse_path("a" * 5_000)


@pytest.mark.parametrize("name", CANARIES)
def test_a_name_that_means_something_to_python_is_no_attribute(name: str) -> None:
    with pytest.raises(InvalidFilter):
        resolve(parse_filter(f'{name} eq "x"'), USER)
    document = read_document({"userName": "ann", name: "x"}, USER)
    assert document.attributes == {"userName": "ann"}
    assert name in document.warnings[0]
    operations = [{"op": "replace", "path": name, "value": "x"}, {"op": "add", "value": {name: {"a": 1}}}]
    assert apply({"userName": "ann"}, read_patch({"Operations": operations}, USER).operations) == {"userName": "ann"}
    assert Projection.parse(name, None, USER).show({"userName": "ann"}).keys() == {"schemas"}


@pytest.mark.parametrize("body", [None, [], "x", 1, True])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(InvalidSyntax):
        read_document(body, USER)
    with pytest.raises(InvalidSyntax):
        read_patch(body, USER)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfffy"])
@pytest.mark.parametrize("place", ["userName", "displayName", "urn:x:2.0:User", "emails"])
def test_a_character_no_database_holds_is_refused_everywhere(text: str, place: str) -> None:
    value: Any = {"deep": [{text: 1}]} if place.startswith("urn:") else text
    with pytest.raises(InvalidValue):
        read_document({"userName": "ann", place: value}, USER)
    with pytest.raises(InvalidFilter):
        resolve(parse_filter(f'userName eq "{text}"'), USER)


@pytest.mark.parametrize("name", ["meta:x", "id:x", "userName:x", "active:2.0", "emails:User", "x:y", ":meta", "meta:"])
@pytest.mark.parametrize("value", ["x", {"a": 1}])
def test_a_colon_does_not_make_an_extension_out_of_a_core_attribute(name: str, value: Any) -> None:
    assert read_document({"userName": "ann", name: value}, USER).attributes == {"userName": "ann"}
    patch = read_patch({"Operations": [{"op": "add", "value": {name: value}}]}, USER)
    assert patch.operations == ()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 2**70])
def test_a_number_no_answer_can_hold_is_refused_in_an_extension(number: float) -> None:
    with pytest.raises(InvalidValue):
        read_document({"userName": "ann", "urn:x:2.0:User": {"a": [number]}}, USER)


def test_opaque_json_is_kept_to_a_depth() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    with pytest.raises(InvalidValue, match="too deep"):
        read_document({"userName": "ann", "urn:x:2.0:User": {"a": deep}}, USER)


@pytest.mark.parametrize(
    "attributes",
    [
        {"title": "x" * 70_000},
        {"userName": "x" * 600},
        {"emails": [{"value": "x"}] * 10_001},
        {"urn:x:2.0:User": {"a": ["x"] * 10_001}},
        {f"urn:x{number}:2.0:User": {"a": 1} for number in range(40)},
        {"title": 10**400},
    ],
)
def test_what_is_too_large_is_refused(attributes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        read_document({"userName": "ann", **attributes}, USER)


def test_a_patch_has_a_number_of_operations() -> None:
    operations = [{"op": "add", "path": "title", "value": "x"}] * 1_001
    with pytest.raises(InvalidValue, match="at most"):
        read_patch({"Operations": operations}, USER)


def test_work_is_budgeted_over_all_operations() -> None:
    document = {"userName": "ann", "emails": [{"value": str(number)} for number in range(5_000)]}
    selection = " or ".join(f'value eq "x{number}"' for number in range(50))
    operations = [{"op": "remove", "path": f"emails[{selection}]"}] * 10
    patch = read_patch({"Operations": operations}, USER)
    with pytest.raises(TooMany):
        apply(document, patch.operations)


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "a\nb", "x" * 10_000])
def test_a_warning_can_be_printed_and_stored_whatever_the_name(name: str) -> None:
    (warning,) = read_document({"userName": "ann", name: "x"}, USER).warnings
    assert warning.isprintable()
    assert len(warning) < 1_000


def test_warnings_do_not_grow_without_end() -> None:
    body = {"userName": "ann"} | {f"unknown{number}": "x" for number in range(10_000)}
    assert len(read_document(body, USER).warnings) == 50


@pytest.mark.parametrize(
    "operation",
    [
        {"op": ["add"], "path": "title", "value": "x"},
        {"op": "add", "path": ["title"], "value": "x"},
        {"op": "add", "path": {"a": 1}, "value": "x"},
        {"op": "add", "path": "name", "value": [[["x"]]]},
        {"op": "add", "path": "emails", "value": [[{"value": "x"}], ["y", "z"]]},
        {"op": "add", "path": "active", "value": {"a": 1}},
        {"op": "add", "path": "userName", "value": {"a": 1}},
        {"op": "add", "value": "x"},
        "add",
        {},
    ],
)
def test_a_shape_that_fits_nothing_is_refused_in_the_protocols_words(operation: Any) -> None:
    with pytest.raises(ScimError) as refusal:
        read_patch({"Operations": [operation]}, USER)
    assert refusal.value.status == 400

"""A domain's own extension is data: every type of RFC 7643 §2.3 works without a line of code."""

from typing import Any

import pytest

from scim.protocol.attributes import Attribute, Mutability, Schema, Type
from scim.protocol.documents import read_document
from scim.protocol.errors import InvalidFilter, InvalidValue
from scim.protocol.errors import Mutability as MutabilityError
from scim.protocol.evaluate import matches
from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter
from scim.protocol.patch import apply, read_patch
from scim.protocol.schemas import USER

URN = "urn:acme:params:scim:2.0:User"

SCHEMAS = USER.with_extensions(
    Schema(
        URN,
        "Acme",
        "Acme's own attributes.",
        (
            Attribute(name="floor", type=Type.INTEGER),
            Attribute(name="hours", type=Type.DECIMAL),
            Attribute(name="since", type=Type.DATE_TIME),
            Attribute(name="badge", mutability=Mutability.IMMUTABLE),
            Attribute(name="tags", multi_valued=True),
        ),
    )
)


def kept(name: str, value: Any) -> Any:
    document = read_document({"userName": "ann", URN: {name: value}}, SCHEMAS)
    return document.attributes[URN][name]


@pytest.mark.parametrize(
    "name,sent,expected",
    [
        ("floor", 3, 3),
        ("floor", "3", 3),
        ("floor", 3.0, 3),
        ("hours", 37.5, 37.5),
        ("hours", "37.5", 37.5),
        ("since", "2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00.1234567Z"),
        ("tags", ["a", "b"], ["a", "b"]),
        ("tags", "a", ["a"]),
    ],
)
def test_a_value_is_read_by_its_type(name: str, sent: Any, expected: Any) -> None:
    found = kept(name, sent)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "name,sent",
    [
        ("floor", 3.5),
        ("floor", "third"),
        ("floor", True),
        ("floor", 2**70),
        ("hours", "nan"),
        ("hours", "inf"),
        ("hours", "1e999"),
        ("hours", {"a": 1}),
        ("since", "yesterday"),
        ("since", {"a": 1}),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(name: str, sent: Any) -> None:
    with pytest.raises(InvalidValue, match=name):
        kept(name, sent)


@pytest.mark.parametrize(
    "text,holds",
    [
        (f"{URN}:floor ge 3", True),
        (f"{URN}:floor gt 3.0", False),
        ("hours eq 37.50", True),
        ("hours lt 1e3", True),
        ('since lt "2026-02-01T00:00:00+01:00"', True),
        ('tags eq "B"', True),
        ('tags ne "b"', False),
    ],
)
def test_a_filter_compares_by_type(text: str, holds: bool) -> None:  # noqa: FBT001 - the expected answer
    own = {"floor": 3, "hours": 37.5, "since": "2026-01-31T12:00:00Z", "tags": ["a", "b"]}
    assert matches(resolve(parse_filter(text), SCHEMAS), {URN: own}) is holds


@pytest.mark.parametrize("text", ['floor eq "3"', "floor co 3", "floor eq true", "since gt 3"])
def test_a_filter_with_a_literal_of_another_type_is_refused(text: str) -> None:
    with pytest.raises(InvalidFilter):
        resolve(parse_filter(text), SCHEMAS)


def patched(own: dict[str, Any], *operations: Any) -> Any:
    patch = read_patch({"Operations": list(operations)}, SCHEMAS)
    return apply({URN: own}, patch.operations).get(URN)


def test_a_list_of_texts_is_a_set() -> None:
    path = f"{URN}:tags"
    assert patched({"tags": ["a"]}, {"op": "add", "path": path, "value": ["A", "b"]}) == {"tags": ["a", "b"]}
    assert patched({"tags": ["a", "b"]}, {"op": "remove", "path": path, "value": ["B"]}) == {"tags": ["a"]}
    assert patched({"tags": ["a"]}, {"op": "remove", "path": path}) is None


def test_an_immutable_attribute_is_set_once() -> None:
    write = {"op": "replace", "path": f"{URN}:badge", "value": "7"}
    assert patched({}, write) == {"badge": "7"}
    assert patched({"badge": "7"}, write) == {"badge": "7"}
    with pytest.raises(MutabilityError, match="badge"):
        patched({"badge": "8"}, write)


@pytest.mark.parametrize("name", ["a'b", 'a"b', "a b", "", "a)--", "1st", "a.b"])
def test_a_declaration_holds_names_and_nothing_else(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of an attribute"):
        Attribute(name=name)
    with pytest.raises(ValueError, match="is no URN of a schema"):
        Schema(id=f"urn:x:{name}'", name="X", description="", attributes=())


def test_a_part_has_no_parts() -> None:
    inner = Attribute(name="inner", type=Type.COMPLEX, sub_attributes=(Attribute(name="x"),))
    with pytest.raises(ValueError, match="parts that have parts"):
        Attribute(name="outer", type=Type.COMPLEX, sub_attributes=(inner,))

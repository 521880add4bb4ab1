"""What is shown: `attributes` and `excludedAttributes`, RFC 7644 §3.9, and `schemas`, RFC 7643 §3."""

from typing import Any

import pytest

from scim.protocol.attributes import Attribute, Returned, Schema, Schemas
from scim.protocol.errors import InvalidValue
from scim.protocol.projection import Projection
from scim.protocol.schemas import COMMON, ENTERPRISE_URN, GROUP, GROUP_URN, USER, USER_URN

CUSTOM = "urn:acme:custom:2.0:User"

ANN: dict[str, Any] = {
    "id": "1",
    "userName": "ann",
    "name": {"givenName": "A", "familyName": "B"},
    "emails": [{"value": "a", "type": "work"}, {"type": "home"}],
    "meta": {"resourceType": "User"},
    ENTERPRISE_URN: {"department": "D", "manager": {"value": "m"}},
    CUSTOM: {"tag": "t", "bag": "b"},
}
ALWAYS = {"id": "1", "schemas": [USER_URN]}


def shown(attributes: str | None, excluded: str | None = None) -> dict[str, Any]:
    return Projection.parse(attributes, excluded, USER).show(ANN)


def test_without_parameters_everything_is_shown() -> None:
    assert shown(None) == {**ANN, "schemas": [USER_URN, ENTERPRISE_URN, CUSTOM]}
    assert Projection.parse(None, "", USER) is Projection.parse("", None, USER)


@pytest.mark.parametrize(
    "attributes,expected",
    [
        ("id", {}),
        ("USERNAME", {"userName": "ann"}),
        ("userName , meta.resourceType", {"userName": "ann", "meta": {"resourceType": "User"}}),
        ("name.givenName", {"name": {"givenName": "A"}}),
        ("name.givenName,name", {"name": ANN["name"]}),
        ("name,name.givenName", {"name": ANN["name"]}),
        ("emails.value", {"emails": [{"value": "a"}]}),
        ('emails[type eq "work"].value', {"emails": [{"value": "a"}]}),
        ('emails[type eq "a,b"]', {"emails": ANN["emails"]}),
        (f"{USER_URN}:userName", {"userName": "ann"}),
        ("nonsense,title,,", {}),
        ("name.nonsense", {}),
        ("emails.primary", {}),
    ],
)
def test_only_what_is_asked_for_is_shown(attributes: str, expected: dict[str, Any]) -> None:
    assert shown(attributes) == {**ALWAYS, **expected}


@pytest.mark.parametrize(
    "attributes,urn,expected",
    [
        (f"{ENTERPRISE_URN}:department", ENTERPRISE_URN, {"department": "D"}),
        ("manager.value", ENTERPRISE_URN, {"manager": {"value": "m"}}),
        (ENTERPRISE_URN.lower(), ENTERPRISE_URN, ANN[ENTERPRISE_URN]),
        (CUSTOM, CUSTOM, ANN[CUSTOM]),
        (f"{CUSTOM}:tag", CUSTOM, {"tag": "t"}),
    ],
)
def test_an_extension_is_listed_in_schemas_only_when_it_is_shown(
    attributes: str, urn: str, expected: dict[str, Any]
) -> None:
    assert shown(attributes) == {"id": "1", urn: expected, "schemas": [USER_URN, urn]}


@pytest.mark.parametrize(
    "excluded,gone",
    [
        ("emails,name", {"emails", "name"}),
        ("EMAILS", {"emails"}),
        (f"{ENTERPRISE_URN}:department,manager", {ENTERPRISE_URN}),
        (ENTERPRISE_URN, {ENTERPRISE_URN}),
        (CUSTOM, {CUSTOM}),
        ("nonsense", set()),
        ("id,schemas", set()),
    ],
)
def test_what_is_excluded_is_left_out(excluded: str, gone: set[str]) -> None:
    result = shown(None, excluded)
    assert result.keys() == (ANN.keys() | {"schemas"}) - gone
    assert not gone & set(result["schemas"])


def test_a_part_is_left_out_of_each_element() -> None:
    result = shown(None, "emails.type,name.familyName,manager")
    assert result["emails"] == [{"value": "a"}]
    assert result["name"] == {"givenName": "A"}
    assert result[ENTERPRISE_URN] == {"department": "D"}


def test_attributes_decides_where_both_are_sent() -> None:
    assert shown("userName", "userName") == {**ALWAYS, "userName": "ann"}


@pytest.mark.parametrize(
    "attributes,excluded,wanted",
    [
        (None, None, True),
        (None, "members", False),
        (None, "Members", False),
        (None, "members.display", True),
        ("id", None, False),
        ("displayName,members", None, True),
        ("members.value", None, True),
        (f"{GROUP_URN}:members", None, True),
    ],
)
def test_members_are_read_only_if_something_of_them_is_shown(
    attributes: str | None,
    excluded: str | None,
    wanted: bool,  # noqa: FBT001 - the expected answer
) -> None:
    assert Projection.parse(attributes, excluded, GROUP).wants("members") is wanted


def test_what_is_returned_on_request_only_waits_for_the_request() -> None:
    quiet = Attribute(name="quiet", returned=Returned.REQUEST)
    loud = Attribute(name="loud", returned=Returned.ALWAYS)
    schemas = Schemas(Schema("urn:x:2.0:Thing", "Thing", "", (quiet, loud)), (), COMMON)
    document = {"quiet": "q", "loud": "l"}
    for attributes, excluded, names in [
        (None, None, {"loud"}),
        ("quiet", None, {"quiet", "loud"}),
        (None, "loud", {"loud"}),
        ("id", None, {"loud"}),
    ]:
        assert Projection.parse(attributes, excluded, schemas).show(document).keys() == {*names, "schemas"}


def test_the_given_document_is_never_touched() -> None:
    before = repr(ANN)
    shown(None)["new"] = 1
    shown(None, "emails.type")
    shown("emails.type,name.givenName")
    assert repr(ANN) == before


def test_a_parameter_has_a_length() -> None:
    with pytest.raises(InvalidValue):
        shown("a," * 10_000)

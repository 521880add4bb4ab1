"""Bodies of POST and PUT: RFC 7643 §2 and RFC 7644 §3.3, with what Entra and Microsoft's validator send."""

from typing import Any

import pytest

from scim.protocol.documents import Document, read_document
from scim.protocol.errors import InvalidValue
from scim.protocol.members import MemberEdit, members_of
from scim.protocol.schemas import ENTERPRISE_URN, GROUP, USER


def user(**attributes: Any) -> Document:
    return read_document({"userName": "ann", **attributes}, USER)


def kept(attributes: dict[str, Any]) -> dict[str, Any]:
    document = read_document({"userName": "ann", **attributes}, USER)
    return {name: value for name, value in document.attributes.items() if name != "userName"}


def test_names_are_read_in_any_case_and_kept_in_the_canonical_one() -> None:
    body = {"USERNAME": "Ann", "Name": {"GIVENNAME": "A"}, "emails": [{"Value": "a@b.c", "TYPE": "Work"}]}
    assert read_document(body, USER).attributes == {
        "userName": "Ann",
        "name": {"givenName": "A"},
        "emails": [{"value": "a@b.c", "type": "Work"}],
    }


def test_flat_and_dotted_keys_are_folded_into_their_objects() -> None:
    body = {
        "name.givenName": "A",
        "name": {"familyName": "B"},
        f"{ENTERPRISE_URN}:department": "Sales",
        ENTERPRISE_URN: {"division": "West", "manager": "m-1"},
        f"{ENTERPRISE_URN.upper()}:costCenter": "7",
        'emails[type eq "work"].value': "a@b.c",
    }
    assert kept(body) == {
        "name": {"givenName": "A", "familyName": "B"},
        ENTERPRISE_URN: {
            "department": "Sales",
            "division": "West",
            "manager": {"value": "m-1"},
            "costCenter": "7",
        },
        "emails": [{"type": "work", "value": "a@b.c"}],
    }


@pytest.mark.parametrize("value", [True, "True", "true", "TRUE"])
def test_a_boolean_may_be_a_string(value: Any) -> None:
    assert kept({"active": value, "roles": [{"value": "r", "primary": value}]}) == {
        "active": True,
        "roles": [{"value": "r", "primary": True}],
    }


def test_a_text_stays_as_it_was_sent() -> None:
    body = {"displayName": "True", "title": " Dr. ", "profileUrl": "GZILL", "preferredLanguage": "nl_NL "}
    body |= {"locale": "RJWNTUNN", "nickName": "O\u2019Brien \u00df \u0130 \u6f22"}
    assert kept(body) == body


def test_a_number_where_text_is_due_is_kept_as_text() -> None:
    assert kept({ENTERPRISE_URN: {"employeeNumber": 701984}, "title": 1.5, "nickName": True}) == {
        ENTERPRISE_URN: {"employeeNumber": "701984"},
        "title": "1.5",
        "nickName": "true",
    }


def test_json_inside_a_string_is_a_string() -> None:
    role = {"value": '{"id":"06b0","value":"25","displayName":"Role1234"}'}
    assert kept({"roles": [role]}) == {"roles": [role]}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize(
    "name", ["title", "name", "name.givenName", "emails", "active", "manager", ENTERPRISE_URN, "urn:x:2.0:User"]
)
def test_nothing_means_unassigned(name: str, nothing: Any) -> None:
    assert kept({name: nothing}) == {}


def test_nothing_inside_an_object_leaves_its_neighbours() -> None:
    body = {
        "name": {"givenName": "A", "familyName": None},
        "emails": [{"value": "", "type": ""}, {"value": "a"}, None],
    }
    assert kept(body) == {"name": {"givenName": "A"}, "emails": [{"value": "a"}]}


def test_what_was_named_is_known_even_if_it_was_null() -> None:
    named = user(title=None, emails=[], **{ENTERPRISE_URN: {"manager": None}}).named
    assert named == {"userName", "title", "emails", f"{ENTERPRISE_URN}:manager"}


def test_read_only_attributes_are_passed_over_in_silence() -> None:
    document = user(
        id="1", meta={"resourceType": "User"}, groups=[{"value": "g"}], schemas=["urn:x", "urn:ietf:…2.0User"]
    )
    assert document.attributes == {"userName": "ann"}
    assert document.warnings == ()


def test_a_password_is_discarded_with_a_warning_that_does_not_repeat_it() -> None:
    document = user(password="hunter2")
    assert document.attributes == {"userName": "ann"}
    assert len(document.warnings) == 1
    assert "hunter2" not in document.warnings[0]


def test_unknown_attributes_are_reported_and_not_kept() -> None:
    odd = {"emails": [{"value": "a", "nick": "x"}], ENTERPRISE_URN: {"nick": "x"}}
    document = user(shoeSize=42, name={"nick": "x", "givenName": "A"}, **odd)
    assert document.attributes == {"userName": "ann", "name": {"givenName": "A"}, "emails": [{"value": "a"}]}
    names = [warning.split()[0] for warning in document.warnings]
    assert names == ["shoeSize", "name.nick", "emails.nick", f"{ENTERPRISE_URN}:nick"]


def test_an_unknown_extension_is_kept_as_it_was_sent_but_for_nulls() -> None:
    body = {"urn:acme:custom:2.0:User": {"Tag": ["a", {"b": 1.5, "c": None}], "empty": ""}}
    assert kept(body) == {"urn:acme:custom:2.0:User": {"Tag": ["a", {"b": 1.5}], "empty": ""}}


def test_of_several_primaries_the_first_stays() -> None:
    emails = [{"value": "a"}, {"value": "b", "primary": True}, {"value": "c", "primary": "True"}]
    assert [each.get("primary") for each in kept({"emails": emails})["emails"]] == [None, True, False]


@pytest.mark.parametrize(
    "emails",
    ["a@b.c", {"value": "a@b.c"}, ["a@b.c"], [["a@b.c"]], [{"value": "a@b.c"}], [{"value": ["a@b.c"]}]],
)
def test_a_list_may_be_one_value_and_a_value_a_list_of_one(emails: Any) -> None:
    assert kept({"emails": emails}) == {"emails": [{"value": "a@b.c"}]}


@pytest.mark.parametrize(
    "manager", ["m-1", {"value": "m-1"}, [{"$ref": None, "value": "m-1"}], {"value": "m-1", "displayName": "Zoë"}]
)
def test_a_manager_comes_in_many_shapes(manager: Any) -> None:
    assert kept({ENTERPRISE_URN: {"manager": manager}}) == {ENTERPRISE_URN: {"manager": {"value": "m-1"}}}


@pytest.mark.parametrize("manager", ["", {"value": ""}, {"value": None, "$ref": "x"}, None, []])
def test_a_manager_without_an_id_is_nobody(manager: Any) -> None:
    assert kept({ENTERPRISE_URN: {"manager": manager}}) == {}


@pytest.mark.parametrize("name", [None, "", "  ", "\t"])
def test_a_required_attribute_is_named_when_it_is_missing(name: Any) -> None:
    with pytest.raises(InvalidValue, match="userName is required"):
        read_document({"userName": name}, USER)
    with pytest.raises(InvalidValue, match="displayName is required"):
        read_document({"displayName": name}, GROUP)


@pytest.mark.parametrize(
    "attributes",
    [
        {"title": {"a": 1}},
        {"title": ["a", "b"]},
        {"active": "yes"},
        {"active": 1},
        {"name": "Ann"},
        {ENTERPRISE_URN: "x"},
        {"emails": [{"value": {"a": 1}}]},
    ],
)
def test_a_value_of_another_shape_is_refused_by_name(attributes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=next(iter(attributes))):
        user(**attributes)


def test_the_members_of_a_group_become_a_set() -> None:
    document = read_document({"displayName": "G", "members": [{"value": "a", "$ref": None}, "b", "a"]}, GROUP)
    assert document.attributes == {"displayName": "G", "members": [{"value": "a"}, {"value": "b"}]}
    assert members_of(document) == MemberEdit(clear=True, add=("a", "b"))


def test_no_members_and_an_empty_list_of_members_differ() -> None:
    assert not members_of(read_document({"displayName": "G"}, GROUP))
    assert members_of(read_document({"displayName": "G", "members": []}, GROUP)) == MemberEdit(clear=True)


def test_microsofts_validator_creates_its_user() -> None:
    body = {
        "userName": "julien.vonrueden@ondricka.us",
        "addresses": [{"type": "work", "country": "Sierra Leone", "primary": True, "postalCode": "cx47 4mz"}],
        "phoneNumbers": [{"type": "fax", "value": "10-040-1308"}],
        ENTERPRISE_URN: {"employeeNumber": "OXYY", "manager": {"value": "XYMKVVRYDIOO"}},
        "roles": [{"primary": "True", "display": "MRO", "value": "WDE", "type": "XVT"}],
        "timezone": "America/Guayaquil",
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE_URN],
    }
    document = read_document(body, USER)
    expected = {name: value for name, value in body.items() if name != "schemas"}
    expected["roles"] = [{"primary": True, "display": "MRO", "value": "WDE", "type": "XVT"}]
    assert document.attributes == expected
    assert document.warnings == ()

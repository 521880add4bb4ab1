"""The declarations, and how names find them: RFC 7643 §3.1, §4, §7 and §8.7.1."""

from collections.abc import Iterator
from typing import Any

import pytest

from scim.protocol.attributes import Attribute, Schema, Type
from scim.protocol.grammar import parse_attribute
from scim.protocol.schemas import ENTERPRISE_URN, GROUP, USER, USER_URN

# RFC 7643 §8.7.1 lists them; `members` and so on are the group's.
USER_ATTRIBUTES = """userName name displayName nickName profileUrl title userType preferredLanguage locale timezone
active password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates externalId"""
ENTERPRISE_ATTRIBUTES = "employeeNumber costCenter organization division department manager"


def names(schema: Schema) -> set[str]:
    return {attribute.name for attribute in schema.attributes}


def test_every_attribute_of_the_rfc_is_declared() -> None:
    assert names(USER.core) == set(USER_ATTRIBUTES.split())
    assert names(USER.extensions[0]) == set(ENTERPRISE_ATTRIBUTES.split())
    assert names(GROUP.core) == {"displayName", "members", "externalId"}


@pytest.mark.parametrize(
    "text,name",
    [
        ("username", "userName"),
        ("NAME.GIVENNAME", "name.givenName"),
        ("emails.value", "emails.value"),
        ("id", "id"),
        ("meta.lastmodified", "meta.lastModified"),
        (f"{USER_URN}:userName", "userName"),
        (f"{USER_URN}:name.givenName", "name.givenName"),
        (f"{USER_URN}:id", "id"),
        (f"{ENTERPRISE_URN}:department", f"{ENTERPRISE_URN}:department"),
        (f"{ENTERPRISE_URN.upper()}:MANAGER.VALUE", f"{ENTERPRISE_URN}:manager.value"),
        (f"{ENTERPRISE_URN}.department", f"{ENTERPRISE_URN}:department"),
        (f"{ENTERPRISE_URN}.manager.value", f"{ENTERPRISE_URN}:manager.value"),
        ("manager", f"{ENTERPRISE_URN}:manager"),
        ("department", f"{ENTERPRISE_URN}:department"),
    ],
)
def test_a_name_finds_its_attribute(text: str, name: str) -> None:
    path = parse_attribute(text)
    assert path is not None
    found = USER.resolve(path)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "userName.x",
        "name.x",
        "name.givenName.x",
        ENTERPRISE_URN,
        f"{ENTERPRISE_URN}:x",
        "urn:x:2.0:User:userName",
    ],
)
def test_a_name_nobody_declared_finds_nothing(text: str) -> None:
    path = parse_attribute(text)
    assert path is not None
    assert USER.resolve(path) is None


def test_a_domain_may_declare_its_own_extension() -> None:
    tag = Schema("urn:acme:2.0:User", "Acme", "Acme's own", (Attribute(name="tag"), Attribute(name="userName")))
    schemas = USER.with_extensions(tag)
    for text, name in [
        ("urn:acme:2.0:User:TAG", "urn:acme:2.0:User:tag"),
        ("tag", "urn:acme:2.0:User:tag"),
        ("userName", "userName"),
    ]:
        path = parse_attribute(text)
        assert path is not None
        found = schemas.resolve(path)
        assert found is not None
        assert found.name == name
    assert schemas.advertised()[-1]["id"] == "urn:acme:2.0:User"


def walk(node: Any) -> Iterator[Any]:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


@pytest.mark.parametrize("schemas", [USER, GROUP], ids=["User", "Group"])
def test_what_is_advertised_holds_no_null_and_no_empty_list(schemas: Any) -> None:
    for node in walk(schemas.advertised()):
        assert node is not None
        assert node != []


@pytest.mark.parametrize("schemas", [USER, GROUP], ids=["User", "Group"])
def test_every_definition_is_complete(schemas: Any) -> None:
    for node in walk(schemas.advertised()):
        if isinstance(node, dict) and "type" in node:
            assert {"name", "multiValued", "description", "required", "mutability", "returned"} <= node.keys()
            assert node["description"]
            assert ("subAttributes" in node) is (node["type"] == "complex")


def test_what_microsofts_validator_refuses_is_not_advertised() -> None:
    for schema in (*USER.advertised(), *GROUP.advertised()):
        assert not {"id", "schemas", "meta", "password"} & {each["name"] for each in schema["attributes"]}


def test_what_entra_maps_is_advertised() -> None:
    advertised = {each["name"]: each for each in USER.advertised()[0]["attributes"]}
    assert advertised.keys() >= {"userName", "externalId", "active", "preferredLanguage", "emails", "phoneNumbers"}
    phone_type = next(each for each in advertised["phoneNumbers"]["subAttributes"] if each["name"] == "type")
    assert set(phone_type["canonicalValues"]) == {"work", "home", "mobile", "fax", "pager", "other"}


def test_nothing_opaque_is_declared() -> None:
    assert all(found.attribute.type is not Type.OPAQUE for found in (*USER.attributes, *GROUP.attributes))

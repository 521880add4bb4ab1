"""What the service says of itself, and that it is so: RFC 7643 §5 to §7, RFC 7644 §4."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.scim.conftest import ENTERPRISE, GROUP, USER, Scim

# The attributes that the two connectors of this service map, as Entra's gallery names them.
MAPPED = [
    *("userName", "active", 'emails[type eq "work"].value', "name.givenName", "name.familyName", "externalId"),
    *('phoneNumbers[type eq "mobile"].value', "preferredLanguage", "displayName", "members"),
]


def _flat(schemas: list[dict[str, Any]]) -> Iterator[str]:
    for attribute in (each for schema in schemas for each in schema["attributes"]):
        yield attribute["name"].lower()
        for sub in attribute.get("subAttributes", ()):
            yield f"{attribute['name']}.{sub['name']}".lower()
            if sub["name"] == "type":
                for kind in sub.get("canonicalValues", ()):
                    yield f'{attribute["name"]}[type eq "{kind}"].value'.lower()


def test_schemas_name_every_attribute_that_is_mapped(scim: Scim) -> None:
    listed = scim.get("/Schemas").json()
    assert [schema["id"] for schema in listed["Resources"]] == [USER, ENTERPRISE, GROUP]
    assert listed["totalResults"] == 3
    assert {name.lower() for name in MAPPED} <= set(_flat(listed["Resources"]))


def test_schemas_leave_out_what_the_validator_refuses(scim: Scim) -> None:
    flat = set(_flat(scim.get("/Schemas").json()["Resources"]))
    assert flat.isdisjoint({"id", "password", "meta", "schemas"})


@pytest.mark.parametrize("listing", ["Schemas", "ResourceTypes"])
def test_each_description_stands_at_its_own_address(scim: Scim, listing: str) -> None:
    for described in scim.get(f"/{listing}").json()["Resources"]:
        assert scim.get(f"/{listing}/{described['id']}").json() == described
        assert described["meta"]["location"].endswith(f"/scim/v2/{listing}/{described['id']}")
    assert scim.get(f"/{listing}/nothing").status_code == 404
    assert scim.client.get(f"/scim/v2/{listing}", {"filter": "id pr"}).status_code == 403


def test_resource_types_lead_to_endpoints_and_schemas_that_are_there(scim: Scim) -> None:
    for described in scim.get("/ResourceTypes").json()["Resources"]:
        assert scim.get(described["endpoint"]).status_code == 200
        for urn in [described["schema"], *(each["schema"] for each in described.get("schemaExtensions", ()))]:
            assert scim.get(f"/Schemas/{urn}").json()["id"] == urn


@pytest.fixture
def config(scim: Scim) -> dict[str, Any]:
    return scim.get("/ServiceProviderConfig").json()


def test_every_claim_has_a_test(config: dict[str, Any]) -> None:
    claims = {name for name, claim in config.items() if isinstance(claim, dict) and "supported" in claim}
    assert claims == {"patch", "bulk", "filter", "changePassword", "sort", "etag"}


def test_patch_is_supported_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    answer = scim.patch(f"/Users/{scim.user('ann')}", {"op": "add", "path": "title", "value": "T"})
    assert (answer.json().get("title") == "T") is config["patch"]["supported"] is True


def test_bulk_is_refused_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    assert (scim.post("/Bulk", {"Operations": []}).status_code, config["bulk"]["supported"]) == (501, False)


def test_filters_are_supported_to_the_number_of_results_that_is_claimed(scim: Scim, config: dict[str, Any]) -> None:
    ann = scim.user("ann")
    scim.user("bob")
    assert (scim.find("Users", 'userName eq "ann"') == [ann]) is config["filter"]["supported"] is True
    assert config["filter"]["maxResults"] == 1_000


def test_a_list_is_never_longer_than_claimed(
    scim: Scim, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        "securelogin.directory.directory.Directory.select", lambda *given: asked.append(given[3].limit) or []
    )
    scim.get("/Users?count=1000000")
    assert asked == [config["filter"]["maxResults"]]


def test_a_password_is_not_changed_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    answer = scim.patch(f"/Users/{scim.user('ann')}", {"op": "replace", "path": "password", "value": "correct horse"})
    assert (answer.status_code, "password" in answer.json()) == (200, config["changePassword"]["supported"])


def test_sorting_is_supported_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    bob, ann = scim.user("bob"), scim.user("ann")
    listed = scim.get("/Users?sortBy=userName").json()["Resources"]
    assert ([each["id"] for each in listed] == [ann, bob]) is config["sort"]["supported"] is True


def test_versions_are_supported_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    path = f"/Groups/{scim.group('team')}"
    tag = scim.get(path)["ETag"]
    assert (scim.get(path, **{"If-None-Match": tag}).status_code == 304) is config["etag"]["supported"] is True
    assert scim.delete(path, **{"If-Match": 'W/"99"'}).status_code == 412
    assert scim.delete(path, **{"If-Match": tag}).status_code == 204


def test_lists_are_paged_as_claimed(scim: Scim, config: dict[str, Any]) -> None:
    for name in ("ann", "ben"):
        scim.user(name)
    by_index, by_cursor = (scim.get(f"/Users?count=1&{how}").json() for how in ("startIndex=2", "cursor="))
    claim = config["pagination"]
    assert (by_index["startIndex"] == 2) is claim["index"] is True
    assert ("nextCursor" in by_cursor) is claim["cursor"] is True
    assert (claim["defaultPaginationMethod"], "startIndex" in scim.get("/Users").json()) == ("index", True)
    assert (claim["defaultPageSize"], claim["maxPageSize"]) == (100, config["filter"]["maxResults"])


def test_the_claims_are_complete(scim: Scim, config: dict[str, Any]) -> None:
    assert scim.client.get(urlsplit(config["documentationUri"]).path, follow=True).status_code == 200
    assert config["bulk"]["maxOperations"] >= 100
    for scheme in config["authenticationSchemes"]:
        assert {"type", "name", "description", "specUri"} <= scheme.keys()

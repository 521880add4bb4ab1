"""Walking a list by cursors: everybody once, whatever comes and goes meanwhile. RFC 9865."""

from typing import Any

import pytest

from tests.scim.conftest import Scim

pytestmark = pytest.mark.django_db


def page(scim: Scim, query: str) -> dict[str, Any]:
    answer = scim.get(f"/Users?{query}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [one["userName"] for one in found["Resources"]]


def walk(scim: Scim, query: str) -> list[list[str]]:
    found = page(scim, f"{query}&cursor=")
    pages = [names(found)]
    while cursor := found.get("nextCursor"):
        found = page(scim, f"{query}&cursor={cursor}")
        pages.append(names(found))
    return pages


@pytest.fixture
def people(scim: Scim) -> list[str]:
    return [scim.user(name) for name in ("ann", "ben", "cem", "dot", "eva")]


@pytest.mark.usefixtures("people")
def test_a_walk_meets_everybody_once_and_ends(scim: Scim, neighbour: Scim) -> None:
    neighbour.user("mallory")
    assert walk(scim, "count=2") == [["ann", "ben"], ["cem", "dot"], ["eva"]]
    assert walk(scim, "count=5") == [["ann", "ben", "cem", "dot", "eva"]]


@pytest.mark.usefixtures("people")
def test_a_page_tells_the_total_and_no_start_index(scim: Scim) -> None:
    found = page(scim, "count=2&cursor=")
    assert (found["totalResults"], found["itemsPerPage"]) == (5, 2)
    assert "startIndex" not in found


def test_who_leaves_or_comes_meanwhile_shifts_nobody(scim: Scim, people: list[str]) -> None:
    first = page(scim, "count=2&cursor=")
    scim.delete(f"/Users/{people[0]}")
    scim.user("zoe")
    assert names(page(scim, f"count=9&cursor={first['nextCursor']}")) == ["cem", "dot", "eva", "zoe"]


@pytest.mark.usefixtures("people")
def test_a_filtered_list_is_walked_too(scim: Scim) -> None:
    assert walk(scim, "count=1&filter=userName+gt+%22c%22") == [["cem"], ["dot"], ["eva"]]


@pytest.mark.usefixtures("people")
def test_a_sorted_list_is_walked_in_its_order(scim: Scim) -> None:
    assert walk(scim, "count=2&sortBy=userName&sortOrder=descending") == [["eva", "dot"], ["cem", "ben"], ["ann"]]


@pytest.mark.usefixtures("people")
def test_a_search_in_a_body_takes_a_cursor(scim: Scim) -> None:
    first = scim.post("/Users/.search", {"count": 3, "cursor": ""}).json()
    rest = scim.post("/Users/.search", {"count": 3, "cursor": first["nextCursor"]}).json()
    assert names(first) + names(rest) == ["ann", "ben", "cem", "dot", "eva"]


@pytest.mark.usefixtures("people")
def test_nobody_is_asked_for_the_total_alone(scim: Scim) -> None:
    assert page(scim, "count=0&cursor=") == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 5,
        "itemsPerPage": 0,
        "Resources": [],
    }


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("cursor", ["anything", "AAAA", "ü", "%00", "x" * 5000, "AAAAAAAAAAAAAAAA"])
def test_what_is_no_cursor_is_refused(scim: Scim, cursor: str) -> None:
    answer = scim.get(f"/Users?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidCursor"
    assert "[SL-CURSOR]" in answer.json()["detail"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("other", ["filter=active+eq+true", "sortBy=userName", "sortOrder=descending"])
def test_a_cursor_of_another_question_is_refused(scim: Scim, other: str) -> None:
    cursor = page(scim, "count=2&cursor=")["nextCursor"]
    assert scim.get(f"/Users?count=2&{other}&cursor={cursor}").json()["scimType"] == "invalidCursor"


def test_a_cursor_of_another_domain_shows_nobody_of_it(scim: Scim, neighbour: Scim, people: list[str]) -> None:
    assert people
    for name in ("m1", "m2", "m3"):
        neighbour.user(name)
    cursor = page(neighbour, "count=1&cursor=")["nextCursor"]
    assert set(names(page(scim, f"count=9&cursor={cursor}"))) <= {"ann", "ben", "cem", "dot", "eva"}


def test_index_and_cursor_exclude_each_other(scim: Scim) -> None:
    answer = scim.get("/Users?startIndex=1&cursor=")
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


@pytest.mark.usefixtures("people")
def test_groups_are_walked_as_well(scim: Scim) -> None:
    for name in ("a", "b", "c"):
        scim.group(name)
    first = scim.get("/Groups?count=2&cursor=").json()
    rest = scim.get(f"/Groups?count=2&cursor={first['nextCursor']}").json()
    assert [one["displayName"] for one in first["Resources"] + rest["Resources"]] == ["a", "b", "c"]

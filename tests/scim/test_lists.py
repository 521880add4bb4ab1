"""Lists: paging, sorting, projection, searching. RFC 7644 §3.4.2 to §3.4.3 and §3.9."""

from typing import Any

import pytest

from tests.scim.conftest import ENTERPRISE, USER, Scim

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
GUID = "cf4d78e8-cc4f-4d5d-b8b9-183561c0104a"


@pytest.mark.parametrize(
    "query",
    [
        f"Users?filter=userName+eq+%22{GUID}%22",
        f"Users?filter=userName%20eq%20%22{GUID}%22",
        f"Users?filter=externalId+eq+{GUID}",
        f"Users?filter=externalId+eq+%22{GUID}%22",
        "Users?filter=emails%5btype+eq+%22work%22%5d.value+eq+%22ann%40contoso.com%22",
        f"Users?filter=id+eq+%22{GUID}%22+and+manager+eq+%22{GUID}%22&attributes=id",
        "Users?filter=urn%3aietf%3aparams%3ascim%3aschemas%3aextension%3aenterprise%3a2.0%3aUser%3aemployeeNumber+eq+%227%22",
        f"Groups?excludedAttributes=members&filter=displayName+eq+%22{GUID}%22",
        "Groups?excludedAttributes=members&filter=displayName+eq+%22Sales+%26+Ops%22",
        f"Groups?filter=ID+EQ+%22{GUID}%22+AND+Members+Eq+%22{GUID}%22",
        f"Users?aadOptscim062020=&filter=(userName+eq+%22{GUID}%22)+or+(userName+eq+%22x%22)",
    ],
)
def test_what_is_not_there_is_an_empty_list(scim: Scim, query: str) -> None:
    scim.user("ann")
    answer = scim.get(f"/{query}")
    assert answer.status_code == 200
    assert answer.json() == {"schemas": [LIST], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []}


def test_quotes_that_nobody_escaped_are_read_as_they_were_meant(scim: Scim) -> None:
    group, user = scim.group('The "Big" Team'), scim.user("CONTOSO\\ann")
    assert scim.get("/Groups?filter=displayName+eq+%22The+%22Big%22+Team%22").json()["Resources"][0]["id"] == group
    assert scim.get("/Users?filter=userName+eq+%22CONTOSO%5cann%22").json()["Resources"][0]["id"] == user


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "userName", "userName eq", "userName xx 1", "nobody eq 1", "userName eq a b", "(", ")"),
        *(
            "password eq x",
            "password pr",
            "password__x eq 1",
            "__class__ pr",
            "_state pr",
            "is_superuser eq true",
            "domain_id pr",
        ),
        *(
            "userName co ann",
            "active gt true",
            "emails[type eq work",
            "emails[nick eq 1]",
            "name eq x",
            "id eq 1 and",
            "not userName pr",
        ),
        *(
            "userName eq 1 union select 1",
            "meta.location eq x",
            "groups.display eq x",
            "meta.created eq yesterday",
            "active co true",
        ),
        *(
            "1 eq 1",
            'userName eq "a\x00"',
            'userName eq "\\u0000"',
            'userName eq "\\ud800"',
            "(" * 200 + "a pr" + ")" * 200,
        ),
    ],
)
@pytest.mark.parametrize("endpoint", ["Users", "Groups"])
def test_a_filter_that_is_not_understood_is_refused_never_everything(scim: Scim, endpoint: str, text: str) -> None:
    scim.user("ann")
    answer = scim.client.get(f"/scim/v2/{endpoint}", {"filter": text})
    assert answer.status_code == 400, answer.content
    assert answer.json()["scimType"] == "invalidFilter"
    assert len(answer.json()["detail"]) > 20
    again = scim.post(f"/{endpoint}/.search", {"filter": text})
    assert (again.status_code, again.json()["detail"]) == (400, answer.json()["detail"])


@pytest.fixture
def eleven(scim: Scim) -> list[str]:
    return [scim.user(f"user{number}", title=f"{number % 3}") for number in range(11)]


@pytest.mark.parametrize(
    "suffix", ["", "&filter=userName+pr", "&sortBy=meta.created", "&filter=title+pr&attributes=id"]
)
def test_pages_follow_each_other_and_count_alike(scim: Scim, eleven: list[str], suffix: str) -> None:
    pages = [scim.get(f"/Users?startIndex={start}&count=5{suffix}").json() for start in (1, 6, 11, 16)]
    assert [page["startIndex"] for page in pages] == [1, 6, 11, 16]
    assert [page["itemsPerPage"] for page in pages] == [5, 5, 1, 0]
    assert {page["totalResults"] for page in pages} == {11}
    assert [each["id"] for page in pages for each in page["Resources"]] == eleven


@pytest.mark.parametrize(
    "query, start, here",
    [
        *(("startIndex=0", 1, 11), ("startIndex=-5&count=2", 1, 2), ("count=0", 1, 0), ("count=-1", 1, 0)),
        *(
            ("count=1000000", 1, 11),
            ("startIndex=99999999999999999999", 2**31 - 1, 0),
            ("STARTINDEX=11&Count=3", 11, 1),
        ),
        ("startIndex=1&count=1", 1, 1),
    ],
)
def test_paging_is_held_within_bounds(scim: Scim, eleven: list[str], query: str, start: int, here: int) -> None:
    page = scim.get(f"/Users?{query}").json()
    assert (page["startIndex"], page["itemsPerPage"], len(page["Resources"])) == (start, here, here)
    assert page["totalResults"] == len(eleven)


@pytest.mark.parametrize(
    "query", ["startIndex=a", "count=1.5", "count=", "count=1&count=2", "sortOrder=up&sortBy=title", "count=٣"]
)
def test_a_parameter_that_cannot_be_read_is_refused(scim: Scim, query: str) -> None:
    answer = scim.get(f"/Users?{query}")
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize(
    "name", ["nobody", "password", "emails[type eq 1]", "name", "groups", "schemas", "id;drop", "__class__", "title,id"]
)
def test_a_list_is_not_sorted_by_what_has_no_order(scim: Scim, name: str) -> None:
    answer = scim.client.get("/scim/v2/Users", {"sortBy": name})
    assert answer.status_code == 400
    assert answer.json()["scimType"] in {"invalidPath", "invalidFilter"}


def test_a_list_is_sorted_and_ties_keep_their_order(scim: Scim, eleven: list[str]) -> None:
    answer = scim.get("/Users?sortBy=title&sortOrder=descending&count=100&attributes=title").json()
    titles = [each["title"] for each in answer["Resources"]]
    assert titles == sorted(titles, reverse=True)
    twos = [each["id"] for each in answer["Resources"] if each["title"] == "2"]
    assert twos == [one for one in eleven if one in twos]


ANN: dict[str, Any] = {
    "name": {"givenName": "Ann", "familyName": "E"},
    "emails": [{"value": "a", "type": "work"}],
    ENTERPRISE: {"department": "D", "manager": {"value": "m"}},
}


@pytest.mark.parametrize(
    "query, expected",
    [
        ("attributes=id", {}),
        ("attributes=userName,NAME.givenName", {"userName": "ann", "name": {"givenName": "Ann"}}),
        ("attributes=emails[type eq %22work%22]", {"emails": ANN["emails"]}),
        ("attributes=emails[type eq %22work%22].value", {"emails": [{"value": "a"}]}),
        (f"attributes={ENTERPRISE}:department", {ENTERPRISE: {"department": "D"}}),
        (f"attributes={ENTERPRISE}:manager.value", {ENTERPRISE: {"manager": {"value": "m"}}}),
        ("attributes=manager", {ENTERPRISE: {"manager": {"value": "m"}}}),
        ("attributes=nobody,__class__,password", {}),
        ("excludedAttributes=id,schemas,meta,name,emails,active," + ENTERPRISE, {"userName": "ann"}),
        (
            f"excludedAttributes=meta,emails.type,name.givenName,active,{ENTERPRISE}:manager",
            {
                "userName": "ann",
                "name": {"familyName": "E"},
                "emails": [{"value": "a"}],
                ENTERPRISE: {"department": "D"},
            },
        ),
    ],
)
def test_what_is_asked_for_is_shown_and_nothing_else(scim: Scim, query: str, expected: dict[str, Any]) -> None:
    user_id = scim.user("ann", **ANN)
    urns = [USER, *([ENTERPRISE] if ENTERPRISE in expected else [])]
    wanted = {"schemas": urns, "id": user_id, **expected}
    assert scim.get(f"/Users/{user_id}?{query}").json() == wanted
    assert scim.get(f"/Users?{query}").json()["Resources"] == [wanted]
    assert scim.put(f"/Users/{user_id}?{query}", {"userName": "ann", **ANN}).json() == wanted


def test_a_search_by_post_answers_like_a_get(scim: Scim, eleven: list[str]) -> None:
    body = {"filter": 'title eq "1"', "attributes": ["userName"], "startIndex": 2, "count": 2, "sortBy": "userName"}
    body |= {"sortOrder": "descending", "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}
    query = "filter=title+eq+1&attributes=userName&startIndex=2&count=2&sortBy=userName&sortOrder=descending"
    answer = scim.post("/Users/.search", body)
    assert answer.status_code == 200
    assert answer.json() == scim.get(f"/Users?{query}").json()
    assert answer.json()["totalResults"] == len([one for one in range(len(eleven)) if one % 3 == 1])


def test_no_answer_holds_a_null_and_only_groups_of_ones_own_are_shown(scim: Scim) -> None:
    scim.group("team", scim.user("ann"))
    for path in ("/Users", "/Groups", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig", ""):
        assert b"null" not in scim.get(path).content

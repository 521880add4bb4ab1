"""What nobody should send: nothing answers 500, every refusal is a sentence in SCIM, and a refusal changes nothing."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from securelogin.directory.models import User
from tests.scim.conftest import ENTERPRISE, PATCH_OP, Scim, snapshot

INJECTIONS = [
    *(
        "'; DROP TABLE directory_user; --",
        "' OR '1'='1",
        '" or ""="',
        "1; SELECT pg_sleep(5)",
        "%s",
        "%(x)s",
        "{0}",
        "$1",
        "?",
        ":x",
    ),
    *(
        "\\",
        "\\'",
        "%",
        "_",
        "\t\r\n",
        "../../etc/passwd",
        "${jndi:x}",
        "\u202e",
        "\ufeff",
        "a" * 10_000,
        "\U0010ffff",
        "e\u0301" * 600,
    ),
]
DUNDERS = [
    "__class__",
    "__proto__",
    "_state",
    "password__x",
    "is_superuser",
    "pk",
    "domain_id",
    "domain",
    "session_epoch",
    "version",
]


def refused(answer: Any) -> bool:
    """Hold an answer against what every answer must be, and tell whether it refuses."""
    assert answer.status_code < 500, answer.content
    assert b"Traceback" not in answer.content
    if answer.status_code < 400:
        return False
    body = answer.json()
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == str(answer.status_code)
    assert len(body["detail"]) > 20
    return True


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_text_is_text_wherever_it_stands(scim: Scim, text: str) -> None:
    bystander = scim.user("bystander")
    answer = scim.post("/Users", {"userName": text, "title": text, "emails": [{"value": text, "type": text}]})
    for endpoint, name in (
        ("Users", "userName"),
        ("Users", "title"),
        ("Users", "emails.value"),
        ("Groups", "displayName"),
    ):
        for operator in ("eq", "co", "sw", "ew", "gt"):
            found = scim.client.get(f"/scim/v2/{endpoint}", {"filter": f"{name} {operator} {json.dumps(text)}"})
            assert not refused(found) or len(text) > 4_000
            if operator == "eq" and answer.status_code == 201 and endpoint == "Users":
                assert [each["id"] for each in found.json()["Resources"]] == [answer.json()["id"]]
    if not refused(answer):
        assert (answer.json()["userName"], answer.json()["title"]) == (text, text)
    for name in ("sortBy", "attributes", "excludedAttributes", "sortOrder", "count", "startIndex"):
        refused(scim.client.get("/scim/v2/Users", {name: text}))
    assert scim.get(f"/Users/{bystander}").status_code == 200


@pytest.mark.parametrize("name", DUNDERS)
@pytest.mark.parametrize("shape", ["path", "map", "sub", "post", "extension"])
def test_a_name_from_inside_is_an_unknown_name(scim: Scim, alice: User, name: str, shape: str) -> None:
    bodies = {
        "path": {"op": "replace", "path": name, "value": True},
        "map": {"op": "replace", "value": {name: True, f"name.{name}": True, f"{ENTERPRISE}:{name}": True}},
        "sub": {"op": "replace", "path": f"name.{name}", "value": True},
        "extension": {"op": "replace", "path": f"{ENTERPRISE}:{name}", "value": True},
    }
    before = User.objects.filter(pk=alice.pk).values().get()
    if shape == "post":
        assert name not in scim.post("/Users", {"userName": "ann", name: True}).json()
    else:
        refused(scim.patch(f"/Users/{alice.pk}", bodies[shape]))
    assert User.objects.filter(pk=alice.pk).values().get() == before


@pytest.mark.parametrize(
    "operation",
    [
        *(
            {},
            {"op": "add"},
            {"op": "move", "path": "title", "value": "x"},
            {"op": 1},
            {"op": None, "path": "title"},
            {"op": "remove"},
        ),
        *(
            {"op": "add", "path": 1, "value": 1},
            {"op": "add", "path": "title"},
            {"op": "add", "value": "x"},
            {"op": "add", "value": [1]},
        ),
        *({"op": "replace", "path": "userName", "value": ""}, {"op": "remove", "path": "userName"}),
        *(
            {"op": "replace", "path": "active", "value": "maybe"},
            {"op": "add", "path": "emails", "value": {"primary": "x"}},
        ),
        *(
            {"op": "add", "path": "name", "value": "x"},
            {"op": "add", "path": "title", "value": {"a": 1}},
            {"op": "add", "path": "title", "value": [1, 2]},
        ),
        *(
            {"op": "add", "path": 'emails[type ne "x"].value', "value": "x"},
            {"op": "replace", "path": 'emails[value co "x"]', "value": {"type": "x"}},
        ),
        *({"op": "add", "path": "title[a eq 1]", "value": "x"}, {"op": "add", "path": "emails[", "value": "x"}),
        *(
            {"op": "add", "path": "displayName", "value": "\ud800"},
            {"op": "add", "path": "displayName", "value": "a\x00b"},
        ),
        *(
            {"op": "add", "path": "urn:x:y:z", "value": {"a": "\x00"}},
            {"op": "add", "path": "title", "value": "x" * 70_000},
            "x",
            None,
            [],
            7,
        ),
        *(
            {"op": "add", "path": f"{ENTERPRISE}:manager", "value": [1, 2]},
            {"op": "add", "path": ENTERPRISE, "value": "x"},
            {"op": "add", "path": "id", "value": "x"},
        ),
        {"op": "add", "path": "urn:x:y:z", "value": json.loads("[" * 300 + "]" * 300)},
    ],
    ids=lambda operation: ascii(operation)[:60],
)
def test_an_operation_that_means_nothing_is_refused_as_a_whole(scim: Scim, operation: Any) -> None:
    for path in (f"/Users/{scim.user('ann')}", f"/Groups/{scim.group('team', scim.user('bob'))}"):
        before = snapshot()
        body = {"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": "externalId", "value": "new"}, operation]}
        answer = scim.call("PATCH", path, body)
        if refused(answer):
            assert answer.status_code == 400
            assert snapshot() == before
        else:
            assert "Groups" in path, "a name that only users have is unknown to groups, and ignored"


@pytest.mark.parametrize(
    "body",
    [None, [], "x", 7, {}, {"Operations": None}, {"Operations": {}}, {"Operations": []}, {"Operations": [{}] * 1_001}],
)
def test_a_patch_that_is_none_is_refused(scim: Scim, body: Any) -> None:
    user_id = scim.user("ann")
    before = snapshot()
    assert refused(scim.call("PATCH", f"/Users/{user_id}", json.dumps(body).encode()))
    assert snapshot() == before


@pytest.mark.parametrize(
    "one",
    [
        "1",
        "0",
        "admin",
        "..",
        "%2e%2e",
        "me",
        "*",
        "'",
        "01900000000070008000000000000000",
        "x" * 3_000,
        "%F0%9F%98%80",
    ],
)
def test_an_id_that_is_none_is_nowhere(scim: Scim, one: str) -> None:
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"userName": "x"})):
        assert scim.call(method, f"/Users/{one}", body).status_code in {404, 405}


def test_another_spelling_of_an_id_is_another_id(scim: Scim) -> None:
    user_id = scim.user("ann")
    for spelling in (
        user_id.upper(),
        user_id.replace("-", ""),
        f"{{{user_id}}}",
        f"urn:uuid:{user_id}",
        f"{user_id}%20",
    ):
        if spelling != user_id:
            assert scim.get(f"/Users/{spelling}").status_code == 404
            assert scim.find("Users", f'id eq "{spelling}" or groups.value eq "{spelling}"') == []


def test_too_many_values_are_refused_before_they_reach_the_database(scim: Scim) -> None:
    for count, fits in ((10_000, True), (10_001, False)):
        emails = [{"value": f"{number}@x.example"} for number in range(count)]
        answer = scim.post("/Users", {"userName": f"ann{count}", "emails": emails})
        assert refused(answer) is not fits


@pytest.mark.parametrize("length, status", [(512, 201), (513, 400)])
@pytest.mark.parametrize("character", ["a", "é", "😀", "ﷺ"])
def test_a_name_has_a_length_that_every_database_holds(scim: Scim, character: str, length: int, status: int) -> None:
    answer = scim.post("/Users", {"userName": character * length})
    assert answer.status_code in {status, 400}
    refused(answer)


def exact(answer: HttpResponse) -> Any:
    """Read an answer with exact numbers: PostgreSQL writes 1e16 out in full, which is the same number."""
    return json.loads(answer.content, parse_int=Decimal, parse_float=Decimal)


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
parts = st.sampled_from(["value", "type", "primary", "$ref", "a"])
objects = st.dictionaries(
    parts, plain | st.lists(plain, max_size=2) | st.dictionaries(parts, plain, max_size=2), max_size=3
)
values = plain | objects | st.lists(plain | objects, max_size=3)
NAMES = [
    *("userName", "active", "emails", "name", "name.givenName", "roles", "manager", ENTERPRISE, "urn:x:y", "members"),
    *("title", "meta", "groups", 'emails[type eq "work"].value', "phoneNumbers", "addresses", "externalId", "password"),
    *("x509Certificates", "schemas", "id", "nobody", ""),
]
names = st.sampled_from(NAMES)


@pytest.mark.django_db
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    body=st.dictionaries(names, values, max_size=5),
    operations=st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "Replace", "remove"])}, optional={"path": names, "value": values}
        ),
        max_size=3,
    ),
)
def test_whatever_is_sent_is_answered_in_scim(scim: Scim, body: dict[str, Any], operations: list[Any]) -> None:
    answers = [scim.post("/Users", {"userName": "ann", **body}), scim.post("/Groups", {"displayName": "team", **body})]
    for endpoint, answer in zip(("Users", "Groups"), answers, strict=True):
        if not refused(answer):
            path = f"/{endpoint}/{answer.json()['id']}"
            before = exact(scim.get(path))
            assert exact(answer) == before
            if refused(scim.call("PATCH", path, {"Operations": operations})):
                assert exact(scim.get(path)) == before
            refused(scim.put(path, body))
            assert scim.delete(path).status_code == 204

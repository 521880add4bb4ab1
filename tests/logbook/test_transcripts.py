"""What was said in a write or a refusal is kept beside its line: without secrets, cut short; and nothing of a read."""

import json
from typing import Any

import pytest

from securelogin.logbook.models import Entry, Transcript
from securelogin.logbook.transcripts import CUT, LONGEST, MASK
from tests.scim.conftest import Scim, connect

pytestmark = pytest.mark.django_db


@pytest.fixture
def scim(acme: Any) -> Scim:
    return connect(acme)


def said(**of: Any) -> Transcript:
    return Transcript.objects.get(entry__in=Entry.objects.filter(**of))


def test_a_write_is_kept_with_its_answer(scim: Scim) -> None:
    user = scim.user("ann@acme.example")
    kept = said(outcome="created")
    assert json.loads(kept.request)["userName"] == "ann@acme.example"
    assert json.loads(kept.response)["id"] == user


def test_a_read_is_not_kept_and_a_refusal_is(scim: Scim) -> None:
    scim.get("/Users")
    scim.post("/Users/.search", {"count": 1})
    assert not Transcript.objects.exists()
    scim.get("/Users?filter=nonsense")
    assert "SL-FILTER-SYNTAX" in said(error_id="SL-FILTER-SYNTAX").response


def test_a_strangers_call_is_not_kept(scim: Scim) -> None:
    assert Scim("sloat_nonsense").post("/Users", {"userName": "x"}).status_code == 401
    assert Scim(None).post("/Users", {"userName": "x"}).status_code == 401
    assert not Transcript.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"userName": "ann", "password": "hunter2"},
        {"userName": "ann", "PassWord": "hunter2", "title": "x"},
        {"userName": "ann", "urn:example:1.0:User": {"clientSecret": "hunter2", "apiToken": ["hunter2"]}},
        {"userName": "ann", "title": "sloat_hunter2"},
    ],
)
def test_a_secret_is_not_kept(scim: Scim, body: dict[str, Any]) -> None:
    scim.post("/Users", body)
    kept = said(path="/scim/v2/Users", method="POST")
    assert "hunter2" not in kept.request
    assert MASK in kept.request
    assert "ann" in kept.request


@pytest.mark.parametrize("verb", ["path", "Path"])
def test_a_secret_in_an_operation_is_not_kept(scim: Scim, verb: str) -> None:
    user = scim.user("ann")
    scim.call(
        "PATCH",
        f"/Users/{user}",
        {"Operations": [{"op": "replace", verb: "password", "value": "hunter2"}, {"op": "add", "path": "title"}]},
    )
    kept = said(method="PATCH")
    assert "hunter2" not in kept.request
    assert "title" in kept.request


@pytest.mark.parametrize(
    "body, kept", [(b'{"userName": ', '{"userName": '), (b'{"password": "hunter2"', MASK), (b"\xff\x00{", "\ufffd␀{")]
)
def test_what_is_no_json_is_kept_as_it_came(scim: Scim, body: bytes, kept: str) -> None:
    assert scim.post("/Users", body).status_code == 400
    assert said(status=400).request == kept


def test_a_large_body_is_cut(scim: Scim) -> None:
    scim.group("Everybody")
    group = scim.find("Groups", "displayName pr")[0]
    members = [{"value": f"nobody{number}"} for number in range(5_000)]
    scim.patch(f"/Groups/{group}", {"op": "Add", "path": "members", "value": members})
    kept = said(method="PATCH")
    assert "(4900 more)" in kept.request
    assert len(kept.request) < LONGEST + 100
    assert scim.post("/Users", {"userName": "ann", "title": "t" * 20_000}).status_code == 201
    long = said(outcome="created", subject_type="User")
    assert long.request.endswith(CUT)
    assert long.response.endswith(CUT)


def test_a_body_deeper_than_python_likes_is_cut(scim: Scim) -> None:
    deep = b'{"userName": "ann", "urn:x:y": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}"
    assert scim.post("/Users", deep).status_code == 400
    assert CUT in said(status=400).request


def test_a_refused_write_names_what_it_was_about(scim: Scim) -> None:
    user = scim.user("ann")
    scim.patch(f"/Users/{user}", {"op": "replace", "path": "nonsense[", "value": "x"})
    line = Entry.objects.get(error_id="SL-PATH-SYNTAX")
    assert (line.subject_type, str(line.subject_id), line.outcome) == ("User", user, "")


def test_a_line_says_what_came_of_a_write(scim: Scim) -> None:
    user = scim.user("ann")
    for value in ("False", "True"):
        scim.patch(f"/Users/{user}", {"op": "Replace", "path": "active", "value": value})
    scim.patch(f"/Users/{user}", {"op": "Replace", "path": "title", "value": "x"})
    scim.delete(f"/Users/{user}")
    told = list(Entry.objects.exclude(outcome="").order_by("id").values_list("outcome", flat=True))
    assert told == ["created", "disabled", "enabled", "changed", "removed"]


def test_deleting_a_line_deletes_what_was_said(scim: Scim) -> None:
    scim.user("ann")
    Entry.objects.all().delete()
    assert not Transcript.objects.exists()

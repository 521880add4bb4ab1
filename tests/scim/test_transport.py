"""HTTP under /scim: whatever is sent, the answer is SCIM, and 401 comes before anything is parsed. RFC 7644 §2, §3."""

from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from oauth.models import Connection
from securelogin.directory.directory import Directory
from securelogin.directory.models import Domain
from tests.scim.conftest import Scim, connect

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def assert_error(answer: Any, status: int) -> dict[str, Any]:
    """Hold an answer against RFC 7644 §3.12, and return it."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/scim+json"), answer.content
    body = answer.json()
    assert (body["schemas"], body["status"]) == ([ERROR], str(status))
    assert len(body["detail"]) > 20, "a sentence for the person at the console"
    assert answer["X-Request-Id"]
    return body


@pytest.mark.parametrize("base", ["/scim/v2", "/scim/v2/", "/scim//v2", "/scim/v2//"])
def test_the_base_address_answers(scim: Scim, base: str) -> None:
    answer = scim.client.generic("GET", base)
    assert answer.status_code == 200
    assert answer.json() == scim.get("/ServiceProviderConfig").json()


@pytest.mark.parametrize(
    "path",
    [
        "/scim/v2/Users/",
        "/scim/v2//Users",
        "/scim//v2/Users",
        "/scim/v2/Users///",
        "/scim/v2/Users?x=1&aadOptscim062020",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_slashes_and_unknown_parameters_are_no_matter(scim: Scim, method: str, path: str) -> None:
    body = b'{"userName": "ann"}' if method == "POST" else b""
    answer = scim.client.generic(method, path, body, content_type="application/scim+json")
    assert answer.status_code == (201 if method == "POST" else 200)


@pytest.mark.parametrize("flag", ["aadOptscim062020", "aadOptscim062020=true"])
def test_a_flag_that_stands_before_the_path_is_no_matter(scim: Scim, flag: str) -> None:
    user_id = scim.user("ann")
    listed = scim.client.generic("GET", f"/scim/v2?{flag}/Users?filter=userName+eq+ann")
    assert [each["id"] for each in listed.json()["Resources"]] == [user_id]
    assert scim.client.generic("GET", f"/scim/v2?{flag}/Users/{user_id}").json()["id"] == user_id


@pytest.mark.parametrize(
    "media_type",
    ["application/scim+json", "application/json", "application/scim+json; charset=utf-8", "Application/JSON;x", ""],
)
def test_json_is_read_under_its_names(scim: Scim, media_type: str) -> None:
    answer = scim.client.generic("POST", "/scim/v2/Users", b'{"userName":"ann"}', content_type=media_type)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "media_type", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"]
)
def test_another_media_type_is_refused(scim: Scim, media_type: str) -> None:
    assert_error(scim.client.generic("POST", "/scim/v2/Users", b'{"userName":"ann"}', content_type=media_type), 415)


def test_no_header_of_a_browser_or_a_library_is_needed(scim: Scim) -> None:
    scim.client.defaults.pop("HTTP_USER_AGENT", None)
    answer = scim.client.generic(
        "GET", "/scim/v2/Users", headers={"Cookie": "sessionid=x", "Origin": "https://evil.example"}
    )
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"1",
            b"null",
            b'"x"',
            b"\xff\xfe",
            b'{"userName":',
            b"{'userName':'x'}",
            b"NaN",
            b'{"a":NaN}',
        ),
        *(
            b"[" * 50_000,
            b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
            b'{"userName":"\\ud800"}',
            b'{"userName":"a\\u0000"}',
            b"{}",
        ),
        *(
            b'{"userName":1e999}',
            b'{"userName":" "}',
            b'{"userName":["a","b"]}',
            b'{"userName":{"a":1}}',
            b'{"userName":"\xc0\x80"}',
        ),
    ],
)
@pytest.mark.parametrize("path", ["/Users", "/Users/.search", "/Groups"])
def test_a_body_that_is_no_resource_is_refused(scim: Scim, path: str, body: bytes) -> None:
    if (path == "/Users/.search" and body.startswith(b'{"userName":')) or (path, body) == ("/Users/.search", b"{}"):
        body = b"{"
    assert_error(scim.call("POST", path, body), 400)


def test_a_body_that_is_too_large_is_refused(scim: Scim) -> None:
    assert_error(scim.call("POST", "/Users", b" " * (8 * 1024 * 1024 + 1)), 413)


@pytest.mark.parametrize(
    "path",
    [
        "/scim",
        "/scim/",
        "/scim/v1/Users",
        "/scim/v2/users",
        "/scim/v2/Nothing",
        "/scim/v2/Users/x/y",
        "/scim/v2/%00",
        "/scim/%zz",
    ],
)
def test_an_unknown_address_is_scim_too(scim: Scim, path: str) -> None:
    assert_error(scim.client.generic("GET", path), 404)
    assert_error(Client().generic("GET", path), 401)


@pytest.mark.parametrize("path", ["/Bulk", "/Me", "/.search"])
def test_what_is_not_offered_says_so(scim: Scim, path: str) -> None:
    assert_error(scim.call("POST", path, {}), 501)


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "BREW", "PUT", "DELETE"])
def test_another_method_is_refused_with_those_that_are_allowed(scim: Scim, method: str) -> None:
    answer = scim.client.generic(method, "/scim/v2/Users")
    assert_error(answer, 405)
    assert {"GET", "POST"} <= set(answer["Allow"].replace(" ", "").split(","))


def test_a_head_is_a_get_without_its_body(scim: Scim) -> None:
    answer = scim.client.head(f"/scim/v2/Users/{scim.user('ann')}")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", "bearer null", "Bearer " + "x" * 5_000, "\x00"]
)
def test_no_credential_no_answer_and_nothing_is_parsed(acme: Domain, header: str) -> None:
    client = Client(headers={"Authorization": header} if header else {})
    answer = client.generic("POST", "/scim/v2/Users?filter=(((", b"\xff{", content_type="image/png")
    assert_error(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_is_taken_from_the_header_alone(scim: Scim) -> None:
    token = scim.client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert_error(Client().get("/scim/v2/Users", {"access_token": token}), 401)
    assert Client(headers={"Authorization": f"bearer {token}"}).get("/scim/v2/Users").status_code == 200


def test_a_host_that_is_not_ours_is_refused_in_scim(scim: Scim) -> None:
    assert_error(scim.client.get("/scim/v2/Users", headers={"Host": "evil.example"}), 400)


def test_a_credential_that_may_only_read_may_search_and_not_write(acme: Domain) -> None:
    reader = connect(acme, "scim:read")
    assert reader.get("/Users").status_code == reader.post("/Users/.search", {}).status_code == 200
    assert_error(reader.post("/Users", {"userName": "ann"}), 403)
    assert_error(reader.delete("/Users/x"), 403)


def test_a_paused_connection_is_told_to_come_back(scim: Scim, acme: Domain) -> None:
    Connection.objects.filter(domain=acme).update(state="paused")
    answer = scim.get("/Users")
    assert_error(answer, 503)
    assert int(answer["Retry-After"]) > 0


def test_a_suspended_domain_is_refused_and_a_revoked_connection_is_unknown(scim: Scim, acme: Domain) -> None:
    Domain.objects.filter(pk=acme.pk).update(state="suspended")
    assert_error(scim.get("/Users"), 403)
    Domain.objects.filter(pk=acme.pk).update(state="active")
    Connection.objects.get(domain=acme).revoke("a test")
    assert_error(scim.get("/Users"), 401)


def test_an_outage_of_the_database_is_a_503_that_says_when_to_come_back(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("server closed the connection: host=10.0.0.7 user=secret")

    monkeypatch.setattr(Directory, "select", away)
    answer = scim.get("/Users")
    assert "secret" not in str(assert_error(answer, 503))
    assert int(answer["Retry-After"]) > 0


def test_an_unexpected_failure_tells_nothing_of_the_inside(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(Directory, "select", broken)
    assert "secret" not in str(assert_error(scim.get("/Users"), 500))


def test_addresses_are_those_of_the_public_url_whatever_the_host_header_says(scim: Scim) -> None:
    answer = scim.client.get("/scim/v2/ResourceTypes", headers={"Host": "localhost"})
    assert answer.json()["Resources"][0]["meta"]["location"].startswith(f"{settings.PUBLIC_URL}/scim/v2/")

"""Each single answer is examined: status, headers, body; and the code is the one of Entra's provisioning log."""

import json
from typing import Any

import pytest

from entra import wire
from entra.checks import ERROR_SCHEMA, LIST_SCHEMA, examine
from entra.dialect import Style
from entra.operations import CREATE_AGAIN, Kind
from entra.transport import Exchange
from entra.wire import Request

SCIM = {"content-type": "application/scim+json; charset=utf-8"}
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
META = {
    "resourceType": "User",
    "created": "2026-01-01T00:00:00Z",
    "lastModified": "2026-01-01T00:00:00Z",
    "location": "https://scim.example/Users/1",
}
ANN = {"schemas": [CORE], "id": "1", "userName": "ann", "active": True, "meta": META}
READ = wire.read(Kind.USER, "1", Style())
MATCH = wire.match(Kind.USER, "userName", "ann", Style())
CHECK = wire.check_manager("1", "2", Style())
CREATE = wire.create(Kind.USER, {}, Style())
DELETE = wire.delete(Kind.USER, "1", Style())


def answer(request: Request, status: int, document: Any = None, **headers: str) -> list[str]:
    """The sentences about an answer."""
    raw = b"" if document is None else json.dumps(document).encode()
    shown = document if isinstance(document, dict) else {}
    sent = SCIM | {name.replace("_", "-"): value for name, value in headers.items()}
    return [finding.wrong for finding in examine(Exchange(request, status, sent, raw, 0.0, "", shown))]


def listed(*resources: Any, **changes: Any) -> dict[str, Any]:
    count = len(resources)
    counted = {"totalResults": count, "startIndex": 1, "itemsPerPage": count, "Resources": list(resources)}
    return {"schemas": [LIST_SCHEMA], **counted, **changes}


def error(status: Any, **changes: Any) -> dict[str, Any]:
    return {"schemas": [ERROR_SCHEMA], "status": status, "detail": "No.", **changes}


def test_good_answers_are_passed() -> None:
    assert answer(READ, 200, ANN) == []
    assert answer(MATCH, 200, listed()) == []
    assert answer(MATCH, 200, listed(ANN)) == []
    assert answer(CHECK, 200, listed({"schemas": [CORE], "id": "1"})) == []
    assert answer(CREATE, 201, ANN, location="https://scim.example/Users/1") == []
    assert answer(DELETE, 204) == []
    assert answer(CREATE.meant_as(CREATE_AGAIN[Kind.USER]), 409, error("409", scimType="uniqueness")) == []


@pytest.mark.parametrize(
    "change,sentence",
    [
        ({"id": None}, "The resource has no id; the synchronization breaks without it."),
        ({"id": 1}, "The resource has no id; the synchronization breaks without it."),
        ({"schemas": CORE}, "The resource has no schemas."),
        ({"active": "True"}, "active is 'True'; booleans are answered as booleans."),
        ({"meta": {}}, "meta lacks resourceType, created, lastModified, location."),
        ({"meta": "?"}, "The resource has no meta."),
        ({"name": {"givenName": None}}, "name.givenName is null; an attribute without a value is left out."),
        ({"emails": [{"value": None}]}, "emails.0.value is null; an attribute without a value is left out."),
        (
            {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "IT"}},
            "The enterprise extension and its URN in schemas do not come together.",
        ),
    ],
)
def test_a_resource_is_examined_wherever_it_stands(change: dict[str, Any], sentence: str) -> None:
    assert sentence in answer(READ, 200, ANN | change)
    assert [each for each in answer(MATCH, 200, listed(ANN | change)) if each.endswith(sentence)]


@pytest.mark.parametrize(
    "change,sentence",
    [
        ({"schemas": []}, "The answer is not a ListResponse."),
        ({"Resources": None}, "Resources must be a list, an empty one too."),
        ({"totalResults": "0"}, "totalResults must be a number."),
        ({"startIndex": None}, "startIndex must be a number."),
        ({"itemsPerPage": True}, "itemsPerPage must be a number."),
    ],
)
def test_a_list_has_its_five_parts(change: dict[str, Any], sentence: str) -> None:
    assert sentence in answer(MATCH, 200, listed(**change))


def test_a_reference_check_gets_nothing_but_the_id() -> None:
    assert answer(CHECK, 200, listed(ANN)) == ["Only the id was asked for, but userName came along."]


@pytest.mark.parametrize(
    "document,sentence",
    [
        (error(404), 'An error\'s status must be the string "404".'),
        (error("404", schemas=[]), f"An error's schemas must be ['{ERROR_SCHEMA}']."),
        (None, "The body is not a JSON object."),
        ([], "The body is not a JSON object."),
    ],
)
def test_an_error_is_examined_too(document: Any, sentence: str) -> None:
    assert answer(READ, 404, document) == ["The answer is 404; Entra needs 200.", sentence]


def test_a_conflict_names_its_type() -> None:
    again = CREATE.meant_as(CREATE_AGAIN[Kind.USER])
    assert answer(again, 409, error("409")) == ["A conflict needs scimType uniqueness (RFC 7644 section 3.12)."]


def test_headers_are_examined() -> None:
    assert answer(CREATE, 201, ANN) == ["A 201 needs a Location header (RFC 7644 section 3.3)."]
    assert answer(CREATE, 201, ANN, location="/Users/1") == ["Location and meta.location differ."]
    assert "A 401 needs a WWW-Authenticate header (RFC 6750 section 3)." in answer(READ, 401, error("401"))
    plain = answer(READ, 200, ANN, content_type="application/json")
    assert plain == ["The Content-Type is 'application/json'; it must be application/scim+json, for errors too."]
    assert answer(DELETE, 204, {}, content_type="application/scim+json") == ["A 204 has no body."]


@pytest.mark.parametrize(
    "request_,status,code",
    [
        (READ, 401, "Unauthorized"),
        (READ, 403, "InsufficientRights"),
        (READ, 404, "InvalidAnchor"),
        (CREATE, 409, "EntryConflict"),
        (CREATE, 429, "TooManyRequests"),
        (CREATE, 503, "InternalServerError"),
        (CREATE, 501, "NotImplemented"),
        (wire.probe(Kind.USER, "userName", Style()), 404, "SystemForCrossDomainIdentityManagementServiceIncompatible"),
    ],
)
def test_a_status_has_the_code_that_an_admin_would_read(request_: Request, status: int, code: str) -> None:
    document = error(str(status), scimType="uniqueness")
    headers = SCIM | {"www-authenticate": "Bearer"}
    findings = list(examine(Exchange(request_, status, headers, b"{}", 0.0, "", document)))
    assert [finding.code for finding in findings] == [code]

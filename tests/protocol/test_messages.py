"""Envelopes and paging: RFC 7644 §3.4.2, §3.4.2.4, §3.4.3 and §3.12."""

from typing import Any

import pytest

from scim.protocol import errors
from scim.protocol.errors import InvalidSyntax, InvalidValue, ScimError, TooManyRequests, Unavailable
from scim.protocol.messages import MAX_START, Page, SearchRequest, list_response, read_search


@pytest.mark.parametrize(
    "start,count,expected",
    [
        (None, None, Page(1, 100)),
        ("1", "5", Page(1, 5)),
        ("0", "0", Page(1, 0)),
        ("-3", "-1", Page(1, 0)),
        (" 11 ", "5000", Page(11, 1_000)),
        (7, 3, Page(7, 3)),
        ("9" * 5_000, "9" * 5_000, Page(MAX_START, 1_000)),
        ("-" + "9" * 5_000, None, Page(1, 100)),
        (10**30, -(10**30), Page(MAX_START, 0)),
    ],
)
def test_paging_is_held_within_bounds(start: Any, count: Any, expected: Page) -> None:
    assert Page.parse(start, count) == expected


@pytest.mark.parametrize("value", ["x", "", "1.5", "1e3", "٣", "--1", "+1", True, 1.5, [1]])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="startIndex"):
        Page.parse(value, None)
    with pytest.raises(InvalidValue, match="count"):
        Page.parse(None, value)


def test_a_page_has_an_offset() -> None:
    assert Page.parse("11", None).offset == 10


def test_a_list_says_how_many_there_are_and_how_many_are_here() -> None:
    assert list_response([{"id": "1"}], 12, 11) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 12,
        "itemsPerPage": 1,
        "startIndex": 11,
        "Resources": [{"id": "1"}],
    }


def test_a_search_is_read_from_a_body() -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["displayName", "userName"],
        "filter": "title pr",
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 1,
        "count": 10,
        "unknown": 1,
    }
    assert read_search(body) == SearchRequest(
        "displayName,userName", None, "title pr", "userName", descending=True, page=Page(1, 10)
    )


def test_a_search_is_read_from_a_query() -> None:
    query = {"excludedattributes": "members", "STARTINDEX": "3", "count": None, "aadOptscim062020": ""}
    assert read_search(query) == SearchRequest(None, "members", None, None, descending=False, page=Page(3, 100))


@pytest.mark.parametrize("field", ["filter", "sortBy", "attributes", "excludedAttributes", "sortOrder", "count"])
@pytest.mark.parametrize("value", [{"a": 1}, [1], True])
def test_a_search_parameter_of_another_type_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=field):
        read_search({field: value})


def test_an_order_is_up_or_down() -> None:
    assert not read_search({"sortOrder": "Ascending"}).descending
    with pytest.raises(InvalidValue, match="sortOrder"):
        read_search({"sortOrder": "sideways"})


def test_a_search_is_an_object() -> None:
    with pytest.raises(InvalidSyntax):
        read_search([])


def _error_classes() -> list[type[ScimError]]:
    found = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ScimError)]
    return [each for each in found if each is not ScimError]


@pytest.mark.parametrize("kind", _error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_has_the_body_of_the_rfc(kind: type[ScimError]) -> None:
    extra = (30,) if kind in (TooManyRequests, Unavailable) else ()
    error = kind("Say what is wrong.", "SL-TEST", *extra)  # type: ignore[arg-type]  # headers or seconds
    body = error.body()
    assert body["status"] == str(error.status)
    assert (error.detail, error.id) == ("Say what is wrong.", "SL-TEST")
    assert ("scimType" in body) is (kind.scim_type is not None)
    assert body["schemas"] == [errors.ERROR]
    assert body["detail"] == "Say what is wrong. [SL-TEST]"
    assert None not in body.values()


def test_every_word_of_table_9_has_its_class() -> None:
    words = {each.scim_type for each in _error_classes()} - {None}
    assert words == {
        "invalidCursor",  # RFC 9865
        *("invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax"),
        *("invalidPath", "noTarget", "invalidValue", "invalidVers", "sensitive"),
    }


def test_overload_says_when_to_come_back() -> None:
    assert TooManyRequests("Slow down.", "SL-TEST", 7).headers == {"Retry-After": "7"}
    assert Unavailable("Later.", "SL-TEST", 8).headers == {"Retry-After": "8"}

"""The envelopes: ListResponse, SearchRequest and paging. RFC 7644 §3.4.2, §3.4.2.4 and §3.4.3, RFC 9865 §2."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scim.protocol.attributes import JsonValue
from scim.protocol.errors import InvalidSyntax, InvalidValue

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

DEFAULT_COUNT = 100
MAX_COUNT = 1_000
# What the query of a GET and the body of a search may name (RFC 7644 §3.4.2 and §3.9), by its lower case.
PARAMETERS = {
    name.lower(): name
    for name in ("filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor")
}
# Far behind the last resource of any domain, and small enough for every database.
MAX_START = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Which slice of a list: `start_index` counts from 1, `count` may be 0 to ask for the total alone."""

    start_index: int
    count: int

    @staticmethod
    def parse(start_index: str | int | None, count: str | int | None) -> "Page":
        """Read the paging parameters: below the least means the least, above the most the most (RFC 7644 §3.4.2.4).

        Raises InvalidValue where one is not a whole number.
        """
        start = 1 if start_index is None else _whole("startIndex", start_index)
        size = DEFAULT_COUNT if count is None else _whole("count", count)
        return Page(min(max(start, 1), MAX_START), min(max(size, 0), MAX_COUNT))

    @property
    def offset(self) -> int:
        return self.start_index - 1


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What `POST /.search` and the query of a GET may ask (RFC 7644 §3.4.3)."""

    attributes: str | None
    excluded_attributes: str | None
    filter: str | None
    sort_by: str | None
    descending: bool
    page: Page
    cursor: str | None = None  # None: by startIndex; "": the first page of a walk by cursors


def list_response(resources: Sequence[Any], total: int, start_index: int) -> dict[str, Any]:
    """Return the envelope of a list; `itemsPerPage` is what this page holds."""
    return {
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": len(resources),
        "startIndex": start_index,
        "Resources": resources,
    }


def cursor_response(resources: Sequence[Any], total: int, next_cursor: str | None) -> dict[str, Any]:
    """Return the envelope of a page that was asked for by cursor; the last page has no `nextCursor` (RFC 9865 §2)."""
    envelope = {"schemas": [LIST_RESPONSE], "totalResults": total, "itemsPerPage": len(resources)}
    further = {} if next_cursor is None else {"nextCursor": next_cursor}
    return {**envelope, **further, "Resources": resources}


def read_search(body: JsonValue) -> SearchRequest:
    """Read a SearchRequest, or the parameters of a query as a mapping; names in any case, unknown ones ignored.

    Raises InvalidSyntax where the body is no object, InvalidValue naming the parameter.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax("The body of a search must be one JSON object.", "SL-BODY-OBJECT")
    fields = {PARAMETERS.get(key.lower()): value for key, value in body.items() if value is not None}
    if "cursor" in fields and "startIndex" in fields:
        raise InvalidValue("A list is walked by startIndex or by cursor; send one of them.", "SL-CURSOR-INDEX")
    return SearchRequest(
        attributes=_names("attributes", fields.get("attributes")),
        excluded_attributes=_names("excludedAttributes", fields.get("excludedAttributes")),
        filter=_text("filter", fields.get("filter")),
        sort_by=_text("sortBy", fields.get("sortBy")),
        descending=_descending(fields.get("sortOrder")),
        page=Page.parse(fields.get("startIndex"), fields.get("count")),
        cursor=_text("cursor", fields.get("cursor")),
    )


def _descending(value: JsonValue) -> bool:
    order = (_text("sortOrder", value) or "ascending").lower()
    if order not in ("ascending", "descending"):
        raise InvalidValue("sortOrder is ascending or descending.", "SL-SEARCH-VALUE")
    return order == "descending"


def _names(name: str, value: JsonValue) -> str | None:
    """A SearchRequest lists names, a query joins them with commas: one form for both."""
    if not isinstance(value, list):
        return _text(name, value)
    if not all(isinstance(item, str) for item in value):
        raise InvalidValue(f"{name} is a list of names.", "SL-SEARCH-VALUE")
    return ",".join(value)


def _text(name: str, value: JsonValue) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidValue(f"{name} must be text.", "SL-SEARCH-VALUE")
    return value


def _whole(name: str, value: JsonValue) -> int:
    """Read a whole number of any length; one too long to count with is as good as the largest."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidValue(f"{name} is a whole number.", "SL-SEARCH-VALUE")
    magnitude = int(digits) if len(digits) < 20 else MAX_START
    return magnitude if digits == text else -magnitude

"""What Entra, or a reader of RFC 7643 and RFC 7644, finds wrong with an answer; and the code an admin would see for it.

Codes: Entra "How to analyze the provisioning logs".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from entra.operations import Kind, Shape
from entra.targets import ENTERPRISE
from entra.transport import MEDIA_TYPE, Exchange
from entra.wire import Json

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
INCOMPATIBLE_FILTERING = "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
MULTIPLE_ENTRIES = "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"
INVALID_CREDENTIALS = "SystemForCrossDomainIdentityManagementInvalidCredentials"
VALIDATION_UNAVAILABLE = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"
RESENT = "none: it is sent again in every cycle"
NOT_SHOWN = "none: Entra does not look"

_CODES = {
    400: "SystemForCrossDomainIdentityManagementBadRequest",
    401: "Unauthorized",
    403: "InsufficientRights",
    404: "InvalidAnchor",
    405: "MethodNotAllowed",
    409: "EntryConflict",
    422: "UnprocessableEntity",
    429: "TooManyRequests",
    501: "NotImplemented",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in words, and the code in Entra's provisioning log."""

    wrong: str
    code: str


def examine(exchange: Exchange) -> Iterator[Finding]:
    """Every rule that holds for each single answer."""
    if exchange.failure:
        yield Finding(f"No answer came: {exchange.failure}", _failure_code(exchange))
        return
    if not exchange.granted:
        yield Finding(_status_sentence(exchange), _status_code(exchange))
    yield from _headers(exchange)
    yield from _body(exchange)


def _failure_code(exchange: Exchange) -> str:
    if exchange.request.operation.shape is Shape.EMPTY_LIST:
        return VALIDATION_UNAVAILABLE
    return "Timeout" if "Timeout" in exchange.failure else "WebExceptionProtocolError"


def _status_sentence(exchange: Exchange) -> str:
    wanted = " or ".join(map(str, exchange.request.operation.statuses))
    place = f", a redirect to {exchange.headers.get('location')}" if 300 <= exchange.status < 400 else ""
    return f"The answer is {exchange.status}{place}; Entra needs {wanted}."


def _status_code(exchange: Exchange) -> str:
    if exchange.request.operation.shape is Shape.EMPTY_LIST and exchange.status < 500:
        return INVALID_CREDENTIALS if exchange.status == 401 else INCOMPATIBLE
    if 200 <= exchange.status < 300:
        return "DuplicateTargetEntries" if 409 in exchange.request.operation.statuses else NOT_SHOWN
    if exchange.status >= 500 and exchange.status != 501:
        return "InternalServerError"
    return _CODES.get(exchange.status, INCOMPATIBLE)


def _headers(exchange: Exchange) -> Iterator[Finding]:
    media_type = exchange.headers.get("content-type", "")
    if exchange.raw and media_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        yield Finding(f"The Content-Type is {media_type!r}; it must be {MEDIA_TYPE}, for errors too.", INCOMPATIBLE)
    if exchange.status == 401 and "www-authenticate" not in exchange.headers:
        yield Finding("A 401 needs a WWW-Authenticate header (RFC 6750 section 3).", NOT_SHOWN)
    if exchange.status == 201 and not exchange.headers.get("location"):
        yield Finding("A 201 needs a Location header (RFC 7644 section 3.3).", NOT_SHOWN)


def _body(exchange: Exchange) -> Iterator[Finding]:
    if exchange.status == 204:
        if exchange.raw:
            yield Finding("A 204 has no body.", INCOMPATIBLE)
    elif not exchange.document:
        yield Finding("The body is not a JSON object.", INCOMPATIBLE)
    elif exchange.status >= 300:
        yield from _error(exchange)
    elif exchange.granted:
        yield from _success(exchange)


def _error(exchange: Exchange) -> Iterator[Finding]:
    document = exchange.document
    if document.get("schemas") != [ERROR_SCHEMA]:
        yield Finding(f"An error's schemas must be [{ERROR_SCHEMA!r}].", NOT_SHOWN)
    if document.get("status") != str(exchange.status):
        yield Finding(f'An error\'s status must be the string "{exchange.status}".', NOT_SHOWN)
    if exchange.status == 409 and document.get("scimType") != "uniqueness":
        yield Finding("A conflict needs scimType uniqueness (RFC 7644 section 3.12).", NOT_SHOWN)


def _success(exchange: Exchange) -> Iterator[Finding]:
    shape = exchange.request.operation.shape
    if shape in (Shape.EMPTY_LIST, Shape.LIST, Shape.IDS):
        yield from _list(exchange)
    if shape is Shape.RESOURCE:
        yield from _resource(exchange.document, exchange)
    if shape is Shape.LIST:
        for resource in exchange.resources:
            yield from _resource(resource, exchange)
    if path := _null(exchange.document):
        yield Finding(f"{path} is null; an attribute without a value is left out.", NOT_SHOWN)


def _list(exchange: Exchange) -> Iterator[Finding]:
    document, shape = exchange.document, exchange.request.operation.shape
    if LIST_SCHEMA not in _schemas(document):
        yield Finding("The answer is not a ListResponse.", INCOMPATIBLE)
    if not isinstance(document.get("Resources"), list):
        yield Finding("Resources must be a list, an empty one too.", INCOMPATIBLE)
    for name in ("totalResults", "startIndex", "itemsPerPage"):
        if type(document.get(name)) is not int:
            yield Finding(f"{name} must be a number.", INCOMPATIBLE)
    if shape is Shape.EMPTY_LIST and document.get("totalResults") != 0:
        yield Finding("Nobody has the name that was asked for, but somebody was found.", INCOMPATIBLE_FILTERING)
    if shape is Shape.IDS:
        yield from _ids_only(exchange)


def _ids_only(exchange: Exchange) -> Iterator[Finding]:
    for resource in exchange.resources:
        if not isinstance(resource.get("id"), str):
            yield Finding("A resource has no id.", INCOMPATIBLE)
        if extra := sorted({"userName", "displayName", "members", "name"} & resource.keys()):
            yield Finding(f"Only the id was asked for, but {', '.join(extra)} came along.", MULTIPLE_ENTRIES)


def _resource(resource: Json, exchange: Exchange) -> Iterator[Finding]:
    if not isinstance(resource.get("id"), str) or not resource["id"]:
        yield Finding("The resource has no id; the synchronization breaks without it.", INCOMPATIBLE)
    if not isinstance(resource.get("schemas"), list):
        yield Finding("The resource has no schemas.", INCOMPATIBLE)
    yield from _meta(resource, exchange)
    if type(resource.get("active", True)) is not bool:
        yield Finding(f"active is {resource['active']!r}; booleans are answered as booleans.", RESENT)
    if "members" in resource and "excludedAttributes=members" in exchange.request.path:
        yield Finding("members came along although they were excluded.", MULTIPLE_ENTRIES)
    if (ENTERPRISE in resource) != (ENTERPRISE in _schemas(resource)) or resource.get(ENTERPRISE) == {}:
        yield Finding("The enterprise extension and its URN in schemas do not come together.", NOT_SHOWN)


def _schemas(document: Json) -> list[object]:
    schemas = document.get("schemas")
    return schemas if isinstance(schemas, list) else []


def _meta(resource: Json, exchange: Exchange) -> Iterator[Finding]:
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        yield Finding("The resource has no meta.", NOT_SHOWN)
        return
    if missing := [name for name in ("resourceType", "created", "lastModified", "location") if not meta.get(name)]:
        yield Finding(f"meta lacks {', '.join(missing)}.", NOT_SHOWN)
    if exchange.status == 201 and exchange.headers.get("location", meta.get("location")) != meta.get("location"):
        yield Finding("Location and meta.location differ.", NOT_SHOWN)


def _null(value: object, path: str = "") -> str:
    """The path of the first null, or nothing."""
    if value is None:
        return path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return next((found for name, each in members if (found := _null(each, f"{path}.{name}".lstrip(".")))), "")


def duplicates(exchange: Exchange, kind: Kind) -> Finding:
    return Finding(f"{len(exchange.resources)} {kind} have the value that was asked for.", "DuplicateTargetEntries")


def not_as_sent(path: str, sent: object, shown: object) -> Finding:
    return Finding(f"{path} was sent as {sent!r} and is shown as {shown!r}.", RESENT)

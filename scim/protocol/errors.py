# ruff: noqa: N818 - the classes carry the protocol's own words (RFC 7644, table 9), not Python's "Error" suffix.
"""What SCIM says when it refuses: one class per word of RFC 7644 §3.12, table 9, and per status of table 8.

Every message is a sentence for the person at the identity provider's console; every raise names a stable id.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class ScimError(Exception):
    """An answer that refuses. `id` stays the same over releases, so that a screenshot leads to the line."""

    status: ClassVar[int] = 500
    scim_type: ClassVar[str | None] = None

    def __init__(self, detail: str, error_id: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        super().__init__(detail)
        self.detail = detail
        self.id = error_id
        self.headers = dict(headers)

    def body(self) -> dict[str, Any]:
        """Return the error resource of RFC 7644 §3.12. `status` is a string there, as the RFC wants it.

        The id stands behind the sentence: Entra shows `detail` to the admin, and nothing else of an error.
        """
        body: dict[str, Any] = {"schemas": [ERROR], "status": str(self.status)}
        if self.scim_type is not None:
            body["scimType"] = self.scim_type
        return {**body, "detail": f"{self.detail} [{self.id}]"}


# RFC 7644 §3.12, table 9: the values of scimType.


class InvalidFilter(ScimError):
    status, scim_type = 400, "invalidFilter"


class TooMany(ScimError):
    status, scim_type = 400, "tooMany"


class Uniqueness(ScimError):
    status, scim_type = 409, "uniqueness"


class Mutability(ScimError):
    status, scim_type = 400, "mutability"


class InvalidSyntax(ScimError):
    status, scim_type = 400, "invalidSyntax"


class InvalidPath(ScimError):
    status, scim_type = 400, "invalidPath"


class NoTarget(ScimError):
    status, scim_type = 400, "noTarget"


class InvalidValue(ScimError):
    status, scim_type = 400, "invalidValue"


class InvalidVers(ScimError):
    status, scim_type = 400, "invalidVers"


class Sensitive(ScimError):
    status, scim_type = 403, "sensitive"


class InvalidCursor(ScimError):
    """RFC 9865 §4."""

    status, scim_type = 400, "invalidCursor"


# RFC 7644 §3.12, table 8, and the HTTP statuses around it: no scimType.


class Unauthorized(ScimError):
    status = 401


class Forbidden(ScimError):
    status = 403


class NotFound(ScimError):
    status = 404


class MethodNotAllowed(ScimError):
    status = 405


class PreconditionFailed(ScimError):
    status = 412


class PayloadTooLarge(ScimError):
    status = 413


class UnsupportedMediaType(ScimError):
    status = 415


class TooManyRequests(ScimError):
    """Overload of one connection; says when to come back (RFC 6585 §4)."""

    status = 429

    def __init__(self, detail: str, error_id: str, retry_after: int) -> None:
        super().__init__(detail, error_id, {"Retry-After": str(retry_after)})


class InternalError(ScimError):
    status = 500


class NotImplementedHere(ScimError):
    status = 501


class Unavailable(ScimError):
    """A temporary failure; says when to come back (RFC 9110 §10.2.3)."""

    status = 503

    def __init__(self, detail: str, error_id: str, retry_after: int) -> None:
        super().__init__(detail, error_id, {"Retry-After": str(retry_after)})

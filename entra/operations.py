"""What Entra does, by name, and the answer it wants for each.

RFC 7644 section 3; Entra "Understand the SCIM implementation".
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The two endpoints Entra provisions to."""

    USER = "Users"
    GROUP = "Groups"


class Shape(StrEnum):
    """What the body of a good answer is."""

    EMPTY_LIST = "an empty list"
    LIST = "a list"
    IDS = "a list of ids"
    RESOURCE = "a resource"
    ERROR = "an error"
    NOTHING = "nothing"
    DOCUMENT = "a document"


@dataclass(frozen=True, slots=True)
class Operation:
    """A line of the report: its name, the status codes Entra takes for success, and the shape of the body."""

    name: str
    statuses: tuple[int, ...]
    shape: Shape


PROBE = {kind: Operation(f"probe {kind}", (200,), Shape.EMPTY_LIST) for kind in Kind}
MATCH = {kind: Operation(f"match {kind}", (200,), Shape.LIST) for kind in Kind}
READ = {kind: Operation(f"read {kind}", (200,), Shape.RESOURCE) for kind in Kind}
LIST = {kind: Operation(f"list {kind}", (200,), Shape.LIST) for kind in Kind}
CREATE = {kind: Operation(f"create {kind}", (201,), Shape.RESOURCE) for kind in Kind}
DELETE = {kind: Operation(f"delete {kind}", (204,), Shape.NOTHING) for kind in Kind}
UPDATE_USER = Operation("update Users", (200, 204), Shape.RESOURCE)
# Entra: "Update to the group PATCH request should yield an HTTP 204 No Content".
UPDATE_GROUP = Operation("update Groups", (204,), Shape.NOTHING)
SET_MANAGER = Operation("set manager", (200, 204), Shape.RESOURCE)
CHECK_MANAGER = Operation("check manager", (200,), Shape.IDS)
ADD_MEMBERS = Operation("add members", (204,), Shape.NOTHING)
REMOVE_MEMBER = Operation("remove member", (204,), Shape.NOTHING)
CHECK_MEMBER = Operation("check member", (200,), Shape.IDS)
DISCOVER = Operation("discover", (200,), Shape.DOCUMENT)

# Requests that must be refused, in the right words.
CREATE_AGAIN = {kind: Operation(f"create {kind} again", (409,), Shape.ERROR) for kind in Kind}
DELETE_AGAIN = {kind: Operation(f"delete {kind} again", (404,), Shape.ERROR) for kind in Kind}
READ_DELETED = {kind: Operation(f"read deleted {kind}", (404,), Shape.ERROR) for kind in Kind}

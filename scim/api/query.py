"""The query of a request: its parameters, and the first read that they let foresee."""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest

from scim import reads
from scim.protocol import errors, messages
from scim.protocol.projection import Projection
from scim.resources.resource import Resource
from securelogin.directory.statements import Read

# Methods that only read (RFC 9110 §9.2.1), of those that we know.
SAFE = frozenset({"GET", "HEAD"})

# Tells what a request will read first, if anybody can know. Never raises: what is wrong is said when its turn comes.
Foresight = Callable[[], Read | None]


def parameters(request: HttpRequest) -> dict[str, str]:
    """Return the parameters we know, under any spelling of their names; unknown ones (Entra's flags) are ignored."""
    given: dict[str, str] = {}
    if not request.META.get("QUERY_STRING"):  # as mostly: what Django would make of it takes longer
        return given
    for name, sent in request.GET.lists():
        if canonical := messages.PARAMETERS.get(name.lower()):
            if len(sent) > 1 or canonical in given:
                raise errors.InvalidValue(f"The query names {canonical} twice; send it once.", "SL-QUERY-TWICE")
            given[canonical] = sent[0]
    return given


def projection(resource: Resource, request: HttpRequest) -> Projection:
    """Return which attributes the query asks for (RFC 7644 §3.9)."""
    given = parameters(request)
    return Projection.parse(given.get("attributes"), given.get("excludedAttributes"), resource.schemas)


def unforeseen() -> None:
    """The foresight of a request whose first read depends on more than its address."""


def foresee_search(resource: Resource, request: HttpRequest) -> Read | None:
    """The foresight of a list."""
    with suppress(errors.ScimError):
        return reads.foresee_search(resource, messages.read_search(parameters(request)))
    return None


def foresee_one(resource: Resource, resource_id: str, request: HttpRequest) -> Read | None:
    """The foresight of a request that shows one resource, or changes it."""
    beside = reads.related if request.method in SAFE else reads.beside_change
    with suppress(errors.ScimError):
        return reads.foresee_one(resource, resource_id, *beside(resource, projection(resource, request)))
    return None

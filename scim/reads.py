"""What a request reads of the directory: as the shelf asks for it, and as it can be foreseen, to be read together with
the credential.

Foresight is a guess and costs nothing if it is wrong: the Directory takes what was read ahead only for the very read
that it wants. What cannot be foreseen since something is wrong with it, is found to be wrong when its turn comes.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from scim import queries
from scim.conditions import condition_of
from scim.protocol import errors, grammar
from scim.protocol.attributes import Resolved
from scim.protocol.messages import SearchRequest
from scim.protocol.projection import Projection
from scim.resources.resource import Resource
from securelogin.directory import dialect as dialects
from securelogin.directory import statements
from securelogin.directory.dialect import Dialect
from securelogin.directory.errors import MissingError
from securelogin.directory.statements import Condition, Read, Slice

# What Entra asks by its matching attribute, whichever that is, and of a member; each part has its index.
_MATCH = re.compile(
    r'(?:id|userName|externalId|displayName|emails(?:\[type eq "work"\])?\.value) eq "[^"]*"'
    r'(?: and members eq "[^"]*")?',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a search asks for, in which order, and what is read beside them."""

    condition: Condition | None
    part: Slice
    extra: tuple[str, ...]


def selection(request: SearchRequest, resource: Resource, dialect: Dialect) -> Selection:
    """Return what a search selects. Raises InvalidFilter, InvalidPath."""
    condition = None if request.filter is None else condition_of(request.filter, resource, dialect)
    order: tuple[str, ...] = ()
    if request.sort_by:
        target = _sorted_by(request.sort_by, resource)
        order = queries.sort_terms(target, resource, dialect, descending=request.descending)
    projection = Projection.parse(request.attributes, request.excluded_attributes, resource.schemas)
    return Selection(condition, Slice(order, request.page.offset, request.page.count), related(resource, projection))


def related(resource: Resource, projection: Projection) -> tuple[str, ...]:
    """Read memberships only where they are shown: Entra excludes them, and a group may have a hundred thousand."""
    return (resource.related,) if projection.wants(resource.related) else ()


def beside_change(resource: Resource, projection: Projection) -> tuple[str, ...]:
    """Read what is shown together with what is to be changed; a group's members are read after the change."""
    return () if resource.version_counts_related else related(resource, projection)


def foresee_one(resource: Resource, resource_id: str, *extra: str) -> Read | None:
    """Return the read with which a resource is shown or changed, `extra` being what is read beside it."""
    with suppress(MissingError):
        return statements.one(resource.table, resource_id, dialects.current(), *extra)
    return None


def foresee_search(resource: Resource, request: SearchRequest) -> Read | None:
    """Return the read of a search that costs next to nothing: Entra's, which looks for one by name."""
    is_match = request.filter is not None and _MATCH.fullmatch(request.filter)
    if not is_match or request.cursor is not None or request.sort_by or not request.page.count:
        return None
    dialect = dialects.current()
    with suppress(errors.ScimError):
        asked = selection(request, resource, dialect)
        return statements.some(resource.table, asked.condition, asked.part, dialect, *asked.extra)
    return None


def _sorted_by(name: str, resource: Resource) -> Resolved:
    path = grammar.parse_path(name)
    target = resource.schemas.resolve(path.attr) if path.filter is None else None
    if target is None:
        raise errors.InvalidPath(f"The list cannot be sorted by {name[:200]}; no such attribute.", "SL-SORT")
    value = target.attribute.sub("value") if target.sub is None else None
    return target if value is None else target.with_sub(value)

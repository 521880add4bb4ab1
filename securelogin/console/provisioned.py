"""What Entra has to do with a user or a group: which values come from it, and what SCIM shows it."""

import json
from uuid import UUID

import orjson
from django.http import Http404

from scim.protocol.errors import NotFound
from scim.protocol.projection import Projection
from scim.resources.resource import Resource
from scim.shelf import Shelf
from securelogin.console.values import tenant_url
from securelogin.directory.directory import Directory
from securelogin.directory.models import Change, Domain

# Changes of one person that are read to tell which of her values a connection has written.
_LOOKED_AT = 200


def provisioned(domain: Domain, subject_id: UUID) -> set[str]:
    """Return the names, as the journal has them, of what a connection has written since the beginning."""
    written = Change.objects.filter(domain=domain, subject_id=subject_id, actor_kind="connection").order_by("id")
    return {name for after in written.values_list("after", flat=True)[:_LOOKED_AT] for name in after}


def raw(resource: Resource, directory: Directory, subject_id: UUID, excluded: str | None = None) -> str:
    """Return the JSON of a SCIM GET, indented for people. Raises Http404."""
    shelf = Shelf(resource, directory, tenant_url(), warn=lambda _sentence: None)
    try:
        found = shelf.get(str(subject_id), Projection.parse(None, excluded, resource.schemas))
    except NotFound as error:
        raise Http404 from error
    return json.dumps(json.loads(orjson.dumps(found.body)), ensure_ascii=False, indent=2)

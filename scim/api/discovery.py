"""What this service says of itself: RFC 7643 §5 to §7, RFC 7644 §4, RFC 9865 §3. Made from what the code does,
never written by hand.
"""

from collections.abc import Callable
from typing import Any

from scim.api.media import MAX_BODY
from scim.protocol.errors import NotFound
from scim.protocol.messages import DEFAULT_COUNT, MAX_COUNT, list_response
from scim.resources.catalogue import RESOURCES
from scim.resources.resource import Resource

SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:"
RFC_7644 = "https://datatracker.ietf.org/doc/html/rfc7644"


def service_provider_config(base_url: str, _name: str = "") -> dict[str, Any]:
    """Return ServiceProviderConfig (RFC 7643 §5). A test calls every feature it claims."""
    return {
        "schemas": [f"{SCHEMA_URN}ServiceProviderConfig"],
        "documentationUri": base_url.removesuffix("/scim/v2") + "/",
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 100, "maxPayloadSize": MAX_BODY},
        "filter": {"supported": True, "maxResults": MAX_COUNT},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_COUNT,
            "maxPageSize": MAX_COUNT,
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "OAuth Bearer Token",
                "description": "An access token from the token endpoint, or an access key of the domain.",
                "specUri": "https://datatracker.ietf.org/doc/html/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base_url}/ServiceProviderConfig"},
    }


def resource_types(base_url: str, name: str = "") -> dict[str, Any]:
    """Return the list of resource types, or the one of that name (RFC 7643 §6). Raises NotFound."""
    return _all_or_one([_resource_type(resource, base_url) for resource in RESOURCES], name)


def schemas(base_url: str, name: str = "") -> dict[str, Any]:
    """Return the list of schemas, or the one with that URN (RFC 7643 §7). Raises NotFound."""
    described = [schema for resource in RESOURCES for schema in resource.schemas.advertised()]
    located = [
        schema | {"meta": {"resourceType": "Schema", "location": f"{base_url}/Schemas/{schema['id']}"}}
        for schema in described
    ]
    return _all_or_one(located, name)


def _resource_type(resource: Resource, base_url: str) -> dict[str, Any]:
    extensions = [{"schema": schema.id, "required": False} for schema in resource.schemas.extensions]
    return {
        "schemas": [f"{SCHEMA_URN}ResourceType"],
        "id": resource.name,
        "name": resource.name,
        "endpoint": f"/{resource.endpoint}",
        "description": resource.description,
        "schema": resource.schemas.core.id,
        **({"schemaExtensions": extensions} if extensions else {}),
        "meta": {"resourceType": "ResourceType", "location": f"{base_url}/ResourceTypes/{resource.name}"},
    }


def _all_or_one(described: list[dict[str, Any]], name: str) -> dict[str, Any]:
    if not name:
        return list_response(described, len(described), 1)
    for one in described:
        if one["id"].lower() == name.lower():
            return one
    raise NotFound("There is no such description.", "SL-DISCOVERY")


DESCRIPTIONS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "ServiceProviderConfig": service_provider_config,
    "ResourceTypes": resource_types,
    "Schemas": schemas,
}

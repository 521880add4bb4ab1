"""All addresses under /scim, on one screen. The boundary has removed double and trailing slashes."""

from django.urls import URLPattern, path

from scim.api.views import Collection, Discovery, NotImplementedHere, Nowhere, Search, Single
from scim.resources.catalogue import RESOURCES

BULK = "Bulk requests are not offered; send the operations one by one."
ME = "A connection is no person, so there is no /Me."
SEARCH_ALL = "Search one resource type at a time: /Users/.search or /Groups/.search."

_resources: list[URLPattern] = [
    pattern
    for resource in RESOURCES
    for pattern in (
        path(f"v2/{resource.endpoint}", Collection.as_view(resource=resource), name=resource.endpoint),
        path(f"v2/{resource.endpoint}/.search", Search.as_view(resource=resource), name=f"{resource.endpoint}-search"),
        path(f"v2/{resource.endpoint}/<str:resource_id>", Single.as_view(resource=resource), name=resource.name),
    )
]

app_name = "scim"
urlpatterns = [
    *_resources,
    path("v2", Discovery.as_view(subject="ServiceProviderConfig"), name="base"),
    path("v2/ServiceProviderConfig", Discovery.as_view(subject="ServiceProviderConfig"), name="config"),
    path("v2/ResourceTypes", Discovery.as_view(subject="ResourceTypes"), name="resource-types"),
    path("v2/ResourceTypes/<str:name>", Discovery.as_view(subject="ResourceTypes"), name="resource-type"),
    path("v2/Schemas", Discovery.as_view(subject="Schemas"), name="schemas"),
    path("v2/Schemas/<str:name>", Discovery.as_view(subject="Schemas"), name="schema"),
    path("v2/Bulk", NotImplementedHere.as_view(what=BULK), name="bulk"),
    path("v2/Me", NotImplementedHere.as_view(what=ME), name="me"),
    path("v2/.search", NotImplementedHere.as_view(what=SEARCH_ALL), name="search"),
    path("<path:anything>", Nowhere.as_view(), name="nowhere"),
    path("", Nowhere.as_view(), name="root"),
]

"""Eight domains, every address, every method, five credentials: what belongs to another domain is never reached."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from oauth.keys import revoke_key
from oauth.models import AccessKey
from securelogin.directory.models import Change, Domain, Group, Membership, Tombstone, User
from tests.credentials import make_key
from tests.scim.conftest import Scim

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
ALIVE, DEAD = ("full", "read-only"), ("expired", "revoked", "none")
ID = "<str:resource_id>"


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from addresses(entry, address)


def token_of(domain: Domain, kind: str) -> str:
    """Return a token of the domain that may do what its kind says."""
    key, text = make_key(domain, "scim:read" if kind == "read-only" else "scim")
    if kind == "expired":
        AccessKey.objects.filter(pk=key.pk).update(not_after=timezone.now())
    if kind == "revoked":
        revoke_key(key, "a test")
    return "" if kind == "none" else text


def settle(name: str) -> dict[str, Any]:
    """Make a domain with a person and a group, under names that nobody else has."""
    domain = Domain.objects.create(name=name, display_name=name)
    scim = Scim(token_of(domain, "full"))
    user = scim.user(f"secret-{name}-user", title=f"secret-{name}")
    return {"domain": domain, "user": user, "group": scim.group(f"secret-{name}-group", user)}


def bodies(home: dict[str, Any]) -> Iterator[object]:
    """Give what could pull somebody over, push something in, or find her."""
    member = {"value": home["user"]}
    yield {"id": home["user"], "userName": "new", "displayName": "new", "members": [member]}
    yield {"Operations": [{"op": "add", "path": "members", "value": [member]}]}
    yield {"Operations": [{"op": "replace", "path": "displayName", "value": "taken over"}]}
    name = home["domain"].name
    yield {"filter": f'userName co "secret-{name}" or displayName co "secret-{name}" or id eq "{home["user"]}"'}


def rows_of(domain: Domain) -> list[object]:
    return [
        sorted(model.objects.filter(domain=domain).values_list(), key=str)
        for model in (User, Group, Membership, Change, Tombstone)
    ]


def reach(client: Client, route: str, home: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Try every method and body at an address that names what is at home in another domain."""
    for name in ("user", "group") if ID in route else ("user",):
        for method in METHODS:
            for body in bodies(home):
                address = route.replace(ID, home[name]).replace("<str:name>", "User").replace("<path:anything>", "x")
                yield method, client.generic(method, address, json.dumps(body), content_type="application/scim+json")


def assert_out_of_reach(route: str, method: str, answer: Any, secret: str, kind: str) -> None:
    said = (route, method, kind, answer.status_code, answer.content[:300])
    assert answer.status_code < 500 or answer.status_code == 501, said
    assert answer["Content-Type"] == "application/scim+json", said
    assert secret.encode() not in answer.content, said
    if kind in DEAD:
        assert answer.status_code == 401, said
    elif ID in route:
        assert answer.status_code in {400, 403, 404, 405}, said


def cross(domains: int) -> int:
    homes = [settle(f"d{number}") for number in range(domains)]
    routes = sorted(address for address in addresses(get_resolver()) if address.startswith("/scim"))
    cells = 0
    for number, home in enumerate(homes):
        stranger, before = homes[number - 1]["domain"], rows_of(home["domain"])
        for kind in (*ALIVE, *DEAD):
            client = Scim(token_of(stranger, kind)).client
            for route in routes:
                for method, answer in reach(client, route, home):
                    assert_out_of_reach(route, method, answer, f"secret-{home['domain'].name}", kind)
                    cells += 1
        assert rows_of(home["domain"]) == before
        assert not Membership.objects.filter(domain=stranger, user_id=home["user"]).exists()
    return cells


@pytest.mark.soak
@pytest.mark.django_db
def test_no_domain_is_reached_from_another(say: Callable[[str], None]) -> None:
    say(f"{cross(8)} requests across 8 domains, 0 leaks, 0 rows touched")

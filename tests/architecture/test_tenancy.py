"""Every address under /scim, from the URL table itself, against the other domain's credential, and against none."""

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from securelogin.directory.models import Change, Domain, Group, Membership, User
from securelogin.logbook.models import Entry
from tests.scim.conftest import Scim, connect

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
SECRET = "known-to-umbra-only"
_CONVERTER = re.compile("<[^>]+>")


def _addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from _addresses(entry, address)


ROUTES = sorted(address for address in _addresses(get_resolver()) if address.startswith("/scim"))


def test_the_table_holds_what_is_walked() -> None:
    assert {"/scim/v2/Users", "/scim/v2/Groups/<str:resource_id>", "/scim/v2/Users/.search", "/scim/v2/Schemas"} <= set(
        ROUTES
    )
    assert len(ROUTES) >= 16


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", ROUTES)
def test_no_credential_opens_no_address(db: None, route: str, method: str) -> None:
    address = _CONVERTER.sub("x", route)
    answer = Client().generic(method, address, b"{", content_type="image/png")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/scim+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def theirs(umbra: Domain) -> dict[str, str]:
    """What umbra has, each under a name that nobody else has."""
    scim = connect(umbra)
    user = scim.user(f"{SECRET}-user", title=SECRET, emails=[{"value": f"{SECRET}@x.example", "type": "work"}])
    return {"user": user, "group": scim.group(f"{SECRET}-group", user)}


def _bodies(ids: dict[str, str]) -> Iterator[object]:
    member = {"value": ids["user"]}
    yield {"userName": "new", "displayName": "new", "members": [member], "manager": ids["user"], "id": ids["user"]}
    for verb in ("add", "replace", "remove"):
        yield {"Operations": [{"op": verb, "path": "members", "value": [member]}]}
        yield {"Operations": [{"op": verb, "path": "displayName", "value": "taken over"}]}
    yield {"filter": f'userName co "{SECRET}" or id eq "{ids["user"]}" or displayName co "{SECRET}"'}


def _rows(domain: Domain) -> list[object]:
    models = (User, Group, Membership, Change)
    return [sorted(model.objects.filter(domain=domain).values_list(), key=str) for model in models]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", ROUTES)
def test_the_other_domains_rows_are_out_of_reach(
    acme: Domain, umbra: Domain, theirs: dict[str, str], route: str, method: str
) -> None:
    client, before = connect(acme).client, _rows(umbra)
    for one in theirs.values():
        for body in _bodies(theirs):
            answer = client.generic(
                method, _CONVERTER.sub(one, route), json.dumps(body), content_type="application/json"
            )
            assert answer.status_code not in {401, 500}
            assert SECRET.encode() not in answer.content
            if "<str:resource_id>" in route:
                assert answer.status_code in {400, 404, 405}
    assert _rows(umbra) == before
    assert not Membership.objects.filter(domain=acme).exists()


@pytest.mark.parametrize("endpoint", ["Users", "Groups"])
@pytest.mark.parametrize(
    "method, body", [("GET", None), ("DELETE", None), ("PUT", {"userName": "a", "displayName": "a"})]
)
def test_a_row_of_the_other_domain_is_not_there(
    scim: Scim, theirs: dict[str, str], endpoint: str, method: str, body: object
) -> None:
    one = theirs["user" if endpoint == "Users" else "group"]
    answer = scim.call(method, f"/{endpoint}/{one}", body)
    assert (answer.status_code, answer.json()["detail"].count(one)) == (404, 1)
    patch = scim.patch(f"/{endpoint}/{one}", {"op": "replace", "path": "displayName", "value": "x"})
    assert patch.status_code == 404


def _asked(ids: dict[str, str]) -> list[str]:
    user, group = ids["user"], ids["group"]
    return [
        *(
            f'id eq "{user}"',
            f'id eq "{group}"',
            f'id sw "{user[:8]}"',
            f'userName sw "{SECRET}"',
            f'title eq "{SECRET}"',
        ),
        *(
            f'emails.value co "{SECRET}"',
            f'emails[type eq "work"].value sw "{SECRET}"',
            "not (userName eq 1)",
            "userName pr",
        ),
        *(
            f'groups.value eq "{group}"',
            f'groups eq "{group}"',
            "groups pr",
            'not (groups.value eq "x")',
            "meta.created pr",
        ),
    ]


@pytest.mark.parametrize("number", range(14))
def test_no_filter_finds_the_other_domains_rows(scim: Scim, theirs: dict[str, str], number: int) -> None:
    assert scim.find("Users", _asked(theirs)[number]) == []


@pytest.mark.parametrize(
    "expression",
    ["displayName pr", "members pr", 'members eq "{user}"', 'not (members.value eq "{user}")', 'id eq "{group}"'],
)
def test_no_filter_finds_the_other_domains_groups(scim: Scim, theirs: dict[str, str], expression: str) -> None:
    assert scim.find("Groups", expression.format(**theirs)) == []


def test_the_logbook_of_a_domain_holds_its_own_requests_alone(scim: Scim, acme: Domain, theirs: dict[str, str]) -> None:
    scim.get(f"/Users/{theirs['user']}")
    assert {entry.domain_id for entry in Entry.objects.filter(path__contains=theirs["user"])} == {acme.id}

"""Every address, from the URL table itself: under /scim against the other domain's credential and against none, and
the pages against the other domain's owner.
"""

import json
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from oauth.models import AccessKey, ApplicationSecret, Connection, FederationTrust
from securelogin.directory.models import Change, Domain, Group, Manager, Membership, Role, User
from securelogin.logbook.models import Entry
from securelogin.signin.models import Invitation, ResetLink
from tests.addresses import CONVERTER, OF_A_DOMAIN, OF_OPERATORS, OF_STRANGERS, PAGES, ROUTES
from tests.furniture import furnish
from tests.scim.conftest import Scim, connect

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
SECRET = "known-to-its-domain-only"
# Below a domain's own address, pages show what it has, to its own managers alone. A page elsewhere goes into the second
# table: of those that show nobody's rows, or only to whoever holds a secret of their own.
PAGES_OF_A_DOMAIN = set(OF_A_DOMAIN)
PAGES_OF_NOBODY = {
    *("/", "/go", "/logout", "/language", "/reset/<str:link>", "/invitation/<str:link>", *OF_STRANGERS),
    *("/oauth/authorize", "/oauth/authorize/", "/oauth/token", "/oauth/token/", "/oauth/revoke", "/oauth/revoke/"),
    *("/.well-known/oauth-authorization-server", "/healthz", "/readyz", "/metrics"),
}


def test_the_table_holds_what_is_walked() -> None:
    assert {"/scim/v2/Users", "/scim/v2/Groups/<str:resource_id>", "/scim/v2/Users/.search", "/scim/v2/Schemas"} <= set(
        ROUTES
    )
    assert len(ROUTES) >= 16


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", ROUTES)
def test_no_credential_opens_no_address(db: None, route: str, method: str) -> None:
    address = CONVERTER.sub("x", route)
    answer = Client().generic(method, address, b"{", content_type="image/png")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/scim+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def theirs(umbra: Domain) -> dict[str, str]:
    """What umbra has, each under a name that nobody else has."""
    return _furnish(umbra)


def _furnish(domain: Domain) -> dict[str, str]:
    scim = connect(domain)
    user = scim.user(f"{SECRET}-user", title=SECRET, emails=[{"value": f"{SECRET}@x.example", "type": "work"}])
    Manager.objects.create(domain=domain, user_id=user, role=Role.ADMIN, login_email=f"{SECRET}@x.example")
    return {"user": user, "group": scim.group(f"{SECRET}-group", user)}


def _bodies(ids: dict[str, str]) -> Iterator[object]:
    member = {"value": ids["user"]}
    yield {"userName": "new", "displayName": "new", "members": [member], "manager": ids["user"], "id": ids["user"]}
    for verb in ("add", "replace", "remove"):
        yield {"Operations": [{"op": verb, "path": "members", "value": [member]}]}
        yield {"Operations": [{"op": verb, "path": "displayName", "value": "taken over"}]}
    yield {"filter": f'userName co "{SECRET}" or id eq "{ids["user"]}" or displayName co "{SECRET}"'}


def _rows(domain: Domain) -> list[object]:
    models = (User, Group, Membership, Change, Manager, Invitation, ResetLink)
    return [sorted(model.objects.filter(domain=domain).values_list(), key=str) for model in models]


@pytest.mark.parametrize("route", ROUTES)
def test_the_other_domains_rows_are_out_of_reach(
    acme: Domain, umbra: Domain, theirs: dict[str, str], route: str
) -> None:
    client, before = connect(acme).client, _rows(umbra)
    for method, one, body in product(METHODS, theirs.values(), _bodies(theirs)):
        answer = client.generic(method, CONVERTER.sub(one, route), json.dumps(body), content_type="application/json")
        assert answer.status_code not in {401, 500}, method
        assert SECRET.encode() not in answer.content, method
        if "<str:resource_id>" in route:
            assert answer.status_code in {400, 404, 405}, method
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


def test_every_page_is_in_a_table() -> None:
    assert set(PAGES) == PAGES_OF_A_DOMAIN | PAGES_OF_NOBODY | set(OF_OPERATORS)


def _tables(domain: Domain) -> list[object]:
    of_connections = (AccessKey, FederationTrust)
    return [
        *_rows(domain),
        sorted(Connection.objects.filter(domain=domain).values_list(), key=str),
        *(sorted(model.objects.filter(connection__domain=domain).values_list(), key=str) for model in of_connections),
        sorted(ApplicationSecret.objects.filter(application__connections__domain=domain).values_list(), key=str),
    ]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_or_changes_the_other_domain(acme: Domain, mallory: User, page: str) -> None:
    ids, furniture = _furnish(acme), furnish(acme, SECRET)
    before = _tables(acme)
    asked = urlencode({"domain": "acme", "id": ids["user"], "user_name": f"{SECRET}-user", "name": "acme"})
    own = furniture.address_of(page)
    for method in METHODS:
        client = Client()  # what came before may have signed the other one out
        client.force_login(mallory)
        for address in (own, f"{own}?{asked}", own.replace("/d/acme/", "/d/umbra/")):
            answer = client.generic(method, address, asked, content_type="application/x-www-form-urlencoded")
            assert _keeps_to_its_own(answer, page, address), (method, address, answer)
    assert _tables(acme) == before


def _keeps_to_its_own(answer: HttpResponse, page: str, address: str) -> bool:
    """Tell whether an answer to umbra's owner is a refusal, or at least shows nothing of acme's."""
    status, location = answer.status_code, answer.get("Location")
    if status >= 500 or SECRET.encode() in b"".join(answer):  # one that is streamed has no `content`
        return False
    if page in PAGES_OF_A_DOMAIN and address.startswith("/d/acme/"):
        return status in {403, 405} or (status, location) == (302, "/d/acme/login")
    if page in OF_OPERATORS:
        return status == 405 or location == "/d/operators/login"
    return "<" not in page or status in {404, 405}


@pytest.mark.parametrize("page", sorted(PAGES_OF_A_DOMAIN))
def test_what_is_kept_from_others_is_shown_to_its_own_owner(acme: Domain, alice: User, page: str) -> None:
    client = Client()
    client.force_login(alice)
    answer = client.get(furnish(acme, SECRET).address_of(page))
    assert answer.status_code in {200, 405}
    is_page = answer["Content-Type"].startswith("text/html")
    assert answer.status_code == 405 or not is_page or b"alice@acme.example" in answer.content

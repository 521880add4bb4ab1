"""SQL finds exactly what the law of filters (scim.protocol.evaluate) says of the documents that are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from pytest_django.plugin import DjangoDbBlocker

from scim.protocol.attributes import Resolved, Type
from scim.protocol.evaluate import matches
from scim.protocol.filters import resolve, text_key
from scim.protocol.grammar import parse_filter
from scim.protocol.syntax import Filter, print_filter
from scim.queries import compile_filter
from scim.resources.catalogue import GROUP_RESOURCE, USER_RESOURCE
from scim.resources.resource import Resource
from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import Directory, Slice
from securelogin.directory.domains import create_domain
from tests.scim.conftest import Scim, connect
from tests.scim.samples import filters, make_document, with_ids

pytestmark = pytest.mark.django_db  # each test inside the transaction of the module

USERS_MADE, GROUPS_MADE = 70, 12
MANY = settings(
    max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@dataclass(frozen=True, eq=False, repr=False)
class Town:
    """A domain full of people and groups, as the API shows them."""

    scim: Scim
    directory: Directory
    users: dict[str, dict[str, Any]]
    groups: dict[str, dict[str, Any]]

    def shown(self, resource: Resource) -> dict[str, dict[str, Any]]:
        return self.users if resource is USER_RESOURCE else self.groups


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _build() -> Town:
    domain, elsewhere = create_domain("town"), create_domain("elsewhere")
    scim, random = connect(domain), Random(20)  # noqa: S311  # the same town every time
    people: list[str] = []
    for number in range(USERS_MADE):
        body = make_document(random, number, USER_RESOURCE.schemas)
        for client in (scim, connect(elsewhere)):
            answer = client.post("/Users", body)
            assert answer.status_code == 201, (body, answer.content)
        people.append(scim.find("Users", f"userName eq {_quoted(body['userName'])}")[0])
    for number in range(GROUPS_MADE):
        body = make_document(random, number, GROUP_RESOURCE.schemas)
        members = [{"value": one} for one in random.sample(people, number * 3)]
        assert scim.post("/Groups", body | {"members": members}).status_code == 201
    directory = Directory(Tenant(domain.id, domain.name), Actor("test", "", "a test"))
    return Town(scim, directory, _all(scim, "Users"), _all(scim, "Groups"))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _all(scim: Scim, endpoint: str) -> dict[str, dict[str, Any]]:
    return {shown["id"]: shown for shown in scim.get(f"/{endpoint}?count=1000").json()["Resources"]}


def _assert_alike(town: Town, resource: Resource, text: str) -> None:
    bound = resolve(parse_filter(text), resource.schemas)
    condition = compile_filter(bound, resource, town.directory.dialect)
    found = {row["id"] for row in town.directory.select(resource.table, condition, Slice(limit=1_000))}
    meant = {one for one, document in town.shown(resource).items() if matches(bound, document)}
    assert found == meant, text
    assert town.directory.count(resource.table, condition) == len(meant)


@MANY
@given(tree=filters(USER_RESOURCE.schemas))
def test_sql_and_the_law_find_the_same_people(town: Town, tree: Filter) -> None:
    _assert_alike(town, USER_RESOURCE, _text(tree, town))


@settings(MANY, max_examples=400)
@given(tree=filters(GROUP_RESOURCE.schemas))
def test_sql_and_the_law_find_the_same_groups(town: Town, tree: Filter) -> None:
    _assert_alike(town, GROUP_RESOURCE, _text(tree, town))


@settings(MANY, max_examples=100)
@given(tree=filters(USER_RESOURCE.schemas))
def test_the_api_finds_what_the_law_says_of_what_it_shows(town: Town, tree: Filter) -> None:
    text = _text(tree, town)
    bound = resolve(parse_filter(text), USER_RESOURCE.schemas)
    assert town.scim.find("Users", text) == [one for one, document in town.users.items() if matches(bound, document)]


def _text(tree: Filter, town: Town) -> str:
    text = with_ids(print_filter(tree), [*town.users, *town.groups])
    assume("\\u0000" not in text)
    return text


def _sortable(resource: Resource) -> list[Resolved]:
    subs = [found.with_sub(sub) for found in resource.schemas.attributes for sub in found.attribute.sub_attributes]
    places = {found.name: resource.binding(found) for found in (*resource.schemas.attributes, *subs)}
    kept = {name for name, place in places.items() if type(place).__name__ in {"Kept", "Column"}}
    named = {"id", "meta.created", "meta.lastModified"} | kept
    return [
        found
        for found in (*resource.schemas.attributes, *subs)
        if found.name in named and found.leaf.type is not Type.COMPLEX
    ]


def _sort_value(document: dict[str, Any], target: Resolved) -> Any:
    value = document.get(target.urn, {}) if target.urn else document
    value = value.get(target.attribute.name)
    if isinstance(value, list):
        value = next((each for each in value if each.get("primary")), value[0])
    if target.sub is not None and value is not None:
        value = value.get(target.sub.name)
    return text_key(target.leaf, value) if isinstance(value, str) else value


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize(
    "resource, target",
    [
        pytest.param(resource, target, id=f"{resource.name}-{target.name}")
        for resource in (USER_RESOURCE, GROUP_RESOURCE)
        for target in _sortable(resource)
    ],
)
def test_a_list_is_sorted_as_its_values_are(town: Town, resource: Resource, target: Resolved, order: str) -> None:
    answer = town.scim.get(f"/{resource.endpoint}?sortBy={target.name}&sortOrder={order}&count=1000&attributes=id")
    documents = town.shown(resource)
    values = {one: _sort_value(document, target) for one, document in documents.items()}
    present = sorted(one for one in values if values[one] is not None)
    present = sorted(present, key=lambda one: values[one], reverse=order == "descending")
    missing = sorted(one for one in values if values[one] is None)
    expected = [*present, *missing] if order == "ascending" else [*missing, *present]
    assert [shown["id"] for shown in answer.json()["Resources"]] == expected

"""The filters that Entra matches by run on an index, on both databases: never a walk over all rows of a domain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from scim.protocol.filters import resolve
from scim.protocol.grammar import parse_filter
from scim.queries import compile_filter
from scim.resources.catalogue import GROUP_RESOURCE, USER_RESOURCE
from scim.resources.resource import Resource
from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import GROUPS as GROUPS_TABLE
from securelogin.directory.directory import Directory, Slice
from securelogin.directory.domains import create_domain
from securelogin.directory.membership import MemberChange
from securelogin.directory.models import Domain, Group, Membership, User, UserLookup
from tests.plans import analyze, explained

pytestmark = pytest.mark.django_db
_OWN_CONDITION = re.compile(r"\((?!domain_id\b)\w*\.?\w+ =")
PEOPLE, GROUPS = 2_200, 1_500


@dataclass(frozen=True, eq=False, repr=False)
class City:
    directory: Directory
    user: str
    group: str
    crowd: str  # a group of everybody but this user


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _build() -> City:
    domain = create_domain("city")
    users = User.objects.bulk_create([_user(domain, number) for number in range(PEOPLE)])
    groups = Group.objects.bulk_create([_group(domain, number) for number in range(GROUPS)])
    UserLookup.objects.bulk_create([_lookup(user, number) for number, user in enumerate(users)])
    random = Random(1)  # noqa: S311  # the same city every time
    pairs = {(random.choice(groups).pk, random.choice(users).pk) for _ in range(6_000)}
    Membership.objects.bulk_create([Membership(domain=domain, group_id=group, user_id=user) for group, user in pairs])
    crowd = Group.objects.create(domain=domain, display_name="crowd", display_name_key="crowd")
    everybody_else = [user for user in users if user is not users[7]]
    Membership.objects.bulk_create([Membership(domain=domain, group=crowd, user=user) for user in everybody_else])
    analyze()
    directory = Directory(Tenant(domain.id, domain.name), Actor("test", "", "a test"))
    return City(directory, str(users[7].pk), str(groups[7].pk), str(crowd.pk))


def _user(domain: Domain, number: int) -> User:
    name = f"user{number}@x.example"
    more = {"external_id": f"e{number}", "manager_ref": f"m{number}", "display_name_key": f"d{number}"}
    return User(domain=domain, user_name=name, user_name_key=name, **more)


def _group(domain: Domain, number: int) -> Group:
    return Group(domain=domain, display_name=f"g{number}", display_name_key=f"g{number}", external_id=f"e{number}")


def _lookup(user: User, number: int) -> UserLookup:
    kind = ("work", "home")[number % 2]
    return UserLookup(
        domain_id=user.domain_id, user=user, position=0, attribute="emails", key=user.user_name, type_key=kind
    )


@pytest.mark.parametrize(
    "resource, text",
    [
        (USER_RESOURCE, 'userName eq "user7@x.example"'),
        (USER_RESOURCE, 'userName eq "user7@x.example" or userName eq "user8@x.example"'),
        (USER_RESOURCE, 'externalId eq "e7"'),
        (USER_RESOURCE, 'displayName eq "d7"'),
        (USER_RESOURCE, 'emails[type eq "work"].value eq "user7@x.example"'),
        (USER_RESOURCE, 'emails.value eq "user7@x.example"'),
        (USER_RESOURCE, 'emails eq "user7@x.example" and active eq true'),
        (USER_RESOURCE, 'id eq "{user}"'),
        (USER_RESOURCE, 'id eq "{user}" and manager eq "m7"'),
        (USER_RESOURCE, 'manager eq "m7"'),
        (USER_RESOURCE, 'groups.value eq "{group}"'),
        (GROUP_RESOURCE, 'displayName eq "g7"'),
        (GROUP_RESOURCE, 'externalId eq "e7"'),
        (GROUP_RESOURCE, 'id eq "{group}"'),
        (GROUP_RESOURCE, 'members eq "{user}"'),
        (GROUP_RESOURCE, 'id eq "{group}" and members eq "{user}"'),
        (GROUP_RESOURCE, 'members[value eq "{user}"]'),
    ],
)
def test_a_matching_filter_runs_on_an_index(city: City, resource: Resource, text: str) -> None:
    plan = _plan(city, resource, text.format(user=city.user, group=city.group))
    assert _walks(plan) == [], plan


def test_a_walk_would_be_seen(city: City) -> None:
    assert _walks(_plan(city, USER_RESOURCE, 'title eq "x"'))


@pytest.mark.parametrize(
    "change, how",
    [("add", {}), ("remove", {}), ("add again", {}), ("add", {"locked": False}), ("remove", {"locked": False})],
)
def test_a_change_of_one_member_of_a_crowd_looks_at_that_membership_alone(
    city: City, change: str, how: dict[str, bool]
) -> None:
    adding = MemberChange(add=[city.user])
    with transaction.atomic():
        if change != "add":
            _changed(city, adding)
        plan = _changed(city, MemberChange(remove=[city.user]) if change == "remove" else adding, **how)
        transaction.set_rollback(True)
    assert (_walks(plan), _through_a_crowd(plan)) == ([], []), plan


def test_a_walk_through_a_crowd_would_be_seen(city: City) -> None:
    with CaptureQueriesContext(connection) as asked:
        city.directory.get(GROUPS_TABLE, city.crowd, "members")
    assert _through_a_crowd(explained(asked.captured_queries[0]["sql"]))


def _through_a_crowd(plan: list[str]) -> list[str]:
    """Return the conditions on memberships that name the group and not the user: all of its members meet them."""
    return [step for step in plan if re.search(r"\bgroup_id ?=", step) and not re.search(r"\buser_id ?=", step)]


def _changed(city: City, change: MemberChange, **how: bool) -> list[str]:
    """Change the crowd's members; return the plans of all statements about memberships."""
    with CaptureQueriesContext(connection) as asked, city.directory.held(GROUPS_TABLE, city.crowd, **how) as row:
        city.directory.update(GROUPS_TABLE, row, None, change)
    return [step for q in asked.captured_queries if "directory_membership" in q["sql"] for step in explained(q["sql"])]


def _plan(city: City, resource: Resource, text: str) -> list[str]:
    """Return the plans of what a page of the list, and its count, really ask the database."""
    condition = compile_filter(resolve(parse_filter(text), resource.schemas), resource, city.directory.dialect)
    with CaptureQueriesContext(connection) as asked:
        city.directory.select(resource.table, condition, Slice())
        city.directory.count(resource.table, condition)
    return [step for query in asked.captured_queries for step in explained(query["sql"])]


def _walks(plan: list[str]) -> list[str]:
    """Return the steps that look at every row of a table, or of a domain."""
    if connection.vendor == "sqlite":
        tables = [step for step in plan if "VIRTUAL TABLE" not in step]  # a list in the request or the row itself
        return [step for step in tables if step.startswith("SCAN") or step.endswith("(domain_id=?)")]
    following = [*plan[1:], ""]
    return [
        step for step, detail in zip(plan, following, strict=True) if "Scan " in step and not _is_narrow(step, detail)
    ]


def _is_narrow(step: str, detail: str) -> bool:
    """Tell whether a scan of PostgreSQL's has a condition on an index beside the domain; some show theirs below, and
    some are of no table.
    """
    return (
        "Bitmap Heap" in step
        or any(f"{source} Scan" in step for source in ("Subquery", "Function", "CTE"))
        or ("Index Cond:" in detail and bool(_OWN_CONDITION.search(detail)))
    )

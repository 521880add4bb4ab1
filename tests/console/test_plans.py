"""What the lists ask of the database runs on an index, on both databases: no page walks or sorts a whole domain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from securelogin.console import finding
from securelogin.console.finding import PeopleSearch, Search, TrashSearch
from securelogin.console.keyset import Order, part_of
from securelogin.console.provisioning.unsettled import unsettled_of
from securelogin.console.timeline import timeline_of
from securelogin.console.views import users
from securelogin.console.views.trash import LATEST_FIRST
from securelogin.directory.domains import create_domain
from securelogin.directory.ids import earliest_id, uuid7
from securelogin.directory.models import Change, Domain, Group, Membership, Mention, Tombstone, User, UserLookup
from securelogin.logbook.models import Cycle
from tests.plans import analyze, explained, walks, walks_of

pytestmark = pytest.mark.django_db
PEOPLE = 1_600


@dataclass(frozen=True, eq=False, repr=False)
class Town:
    domain: Domain
    group: Group


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _build() -> Town:
    domain = create_domain("town")
    everybody = User.objects.bulk_create([_user(domain, number) for number in range(PEOPLE)])
    UserLookup.objects.bulk_create([_lookup(user) for user in everybody])
    groups = Group.objects.bulk_create(
        [Group(domain=domain, display_name=f"g{n}", display_name_key=f"g{n:04}") for n in range(800)]
    )
    pairs = [(groups[number % 800], user) for number, user in enumerate(everybody)]
    Membership.objects.bulk_create([Membership(domain=domain, group=group, user=user) for group, user in pairs])
    changes = Change.objects.bulk_create([_change(domain, user, number) for number, user in enumerate(everybody)])
    Mention.objects.bulk_create(
        [Mention(domain=domain, change=change, subject_id=groups[n % 500].pk) for n, change in enumerate(changes)]
    )
    Tombstone.objects.bulk_create([_tombstone(domain, number) for number in range(800)])
    analyze()
    return Town(domain, groups[7])


def _user(domain: Domain, number: int) -> User:
    names = {
        name: f"{name[0]}{number:04}" for name in ("user_name", "user_name_key", "display_name_key", "family_name_key")
    }
    return User(domain=domain, active=number % 100 != 5, external_id=f"e{number}", **names)


def _lookup(user: User) -> UserLookup:
    return UserLookup(domain_id=user.domain_id, user=user, position=0, attribute="emails", key=f"m{user.user_name}")


def _change(domain: Domain, user: User, number: int) -> Change:
    long_ago = earliest_id(timezone.now() - timedelta(days=400)).int
    return Change(
        id=UUID(int=long_ago + number), domain=domain, at=timezone.now(), verb="update",
        subject_type="User", subject_id=user.pk,
    )  # fmt: skip


def _tombstone(domain: Domain, number: int) -> Tombstone:
    now = timezone.now()
    return Tombstone(
        id=uuid7(), domain=domain, subject_type="User", label=f"t{number}", label_key=f"t{number:04}", snapshot={},
        memberships=[], deleted=now - timedelta(seconds=number), purge_after=now,
    )  # fmt: skip


BY_NAME, BY_AGE = Order(("display_name_key",)), Order(("user_id",))
LISTS: dict[str, Callable[[Town, QueryDict], object]] = {
    "users": lambda town, asked: part_of(finding.people(town.domain, PeopleSearch(asked)), users.BY_NAME, asked),
    "groups": lambda town, asked: part_of(finding.groups(town.domain, Search(asked)), BY_NAME, asked),
    "members": lambda town, asked: part_of(finding.members(town.domain, town.group, Search(asked)), BY_AGE, asked),
    "trash": lambda town, asked: part_of(finding.trash(town.domain, TrashSearch(asked)), LATEST_FIRST, asked),
    "timeline": lambda town, asked: timeline_of(town.domain, town.group.pk, asked),
}
AN_ID = "01a2b3c4-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "page, query",
    [
        *(("users", query) for query in ("", "after=u2000", "before=u2000", "status=disabled", "status=unassigned")),
        *(("users", query) for query in ("q=u0007", "q=e7", "q=m0007", "q=u0007&status=active")),
        *(("users", query) for query in ("group={group}", "changed=3600")),
        *(("groups", query) for query in ("", "after=g1000", "q=g0007")),
        *(("members", query) for query in ("", "q=u0007")),
        *(("trash", query) for query in ("", f"after=2026-01-01T00:00:00%2B00:00~{AN_ID}", "q=t0007")),
        *(("timeline", query) for query in ("", f"after={AN_ID}")),
    ],
)
def test_a_page_runs_on_an_index(town: Town, page: str, query: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        LISTS[page](town, QueryDict(query.format(group=town.group.pk)))
    assert asked.captured_queries
    for statement in asked.captured_queries:
        plan = explained(statement["sql"])
        assert walks(plan) == [], "\n".join(plan)


def test_the_changes_of_the_latest_cycles_are_found_by_an_index(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        unsettled_of(town.domain, [Cycle(id=uuid7(), calls=1) for _ in range(3)])
    changes, _warnings = (explained(each["sql"]) for each in asked.captured_queries)
    assert walks(changes) == [], "\n".join(changes)


def test_a_walk_would_be_seen(town: Town) -> None:
    rows = User.objects.filter(domain=town.domain)
    for query in (rows.filter(given_name_key="x"), rows.order_by("modified")[:50]):
        assert walks_of(_sql(query))


def _sql(query: object) -> str:
    with CaptureQueriesContext(connection) as asked:
        list(query)  # type: ignore[call-overload]  # a queryset
    return str(asked.captured_queries[0]["sql"])

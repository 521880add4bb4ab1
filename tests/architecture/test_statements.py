"""What a request costs the database: constant statements, counted with BEGIN, COMMIT and the look-up of the token.

On PostgreSQL each is a round trip. On SQLite a statement is a call inside the process, so writes that go to
PostgreSQL as one are counted one by one there; what matters is that no number grows with the data.
"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from securelogin.directory.models import User
from securelogin.logbook import writer
from tests.scim.conftest import ENTERPRISE, Scim

pytestmark = pytest.mark.django_db(transaction=True)

# A request and its statements at most: on PostgreSQL, on SQLite.
BUDGETS = {
    "read": (1, 2),
    "match": (1, 2),
    "list": (4, 4),
    "create": (2, 8),
    "update": (2, 9),
    "delete": (7, 12),
    "members": (2, 9),
    "group": (8, 12),
}


@pytest.fixture(autouse=True)
def _nothing_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server writes lines of reads, and transcripts, in batches."""
    monkeypatch.setattr(writer, "_enter", lambda _model, _line: None)


def spent(scim: Scim, method: str, path: str, body: Any = None) -> int:
    """Return how many statements a request takes."""
    scim.get("/Users?count=0")  # the connection's use is noted once in five minutes
    with CaptureQueriesContext(connection) as queries:
        answer = scim.call(method, path, body)
    assert answer.status_code < 300, answer.content
    return len(queries)


def assert_within(kind: str, *costs: int) -> None:
    """All sizes cost alike, and no more than the budget."""
    assert len(set(costs)) == 1, costs
    assert costs[0] <= BUDGETS[kind][connection.vendor == "sqlite"], (kind, costs)


def full(name: str, values: int) -> dict[str, Any]:
    emails = [{"value": f"{name}{number}@x.example", "type": "work"} for number in range(values)]
    return {"userName": name, "emails": emails, "title": "T", ENTERPRISE: {"manager": "boss"}}


@pytest.fixture
def people(scim: Scim) -> list[str]:
    return [scim.user(f"user{number}") for number in range(20)]


@pytest.fixture
def crowd(scim: Scim, people: list[str]) -> dict[int, str]:
    """Groups of ten and of a thousand; most of the thousand are made behind the API, in one go."""
    everyone = people + _copies(people[0], 1_000 - len(people))
    return {size: scim.group(f"group of {size}", *everyone[:size]) for size in (10, 1_000)}


def _copies(of: str, count: int) -> list[str]:
    domain_id = User.objects.get(pk=of).domain_id
    names = [f"copy{number}" for number in range(count)]
    made = User.objects.bulk_create([User(domain_id=domain_id, user_name=name, user_name_key=name) for name in names])
    return [str(one.pk) for one in made]


def test_reading_one(scim: Scim, crowd: dict[int, str], people: list[str]) -> None:
    assert_within("read", *(spent(scim, "GET", f"/Groups/{group}") for group in crowd.values()))
    assert_within(
        "read", spent(scim, "GET", f"/Users/{people[0]}"), spent(scim, "GET", f"/Users/{people[0]}?attributes=id")
    )


def test_matching(scim: Scim, crowd: dict[int, str]) -> None:
    queries = [
        *(
            "Users?filter=userName+eq+%22user1%22",
            "Users?filter=userName+eq+%22nobody%22",
            "Users?filter=externalId+eq+%22x%22",
        ),
        *(
            "Users?filter=emails%5btype+eq+%22work%22%5d.value+eq+%22a%22",
            "Groups?filter=displayName+eq+%22group+of+10%22",
        ),
        *("Groups?excludedAttributes=members&filter=displayName+eq+%22group+of+1000%22",),
        *(f"Groups?attributes=id&filter=id+eq+%22{crowd[1_000]}%22+and+members+eq+%22x%22",),
    ]
    assert_within("match", *(spent(scim, "GET", f"/{query}") for query in queries))


def test_listing(scim: Scim, crowd: dict[int, str]) -> None:
    assert crowd
    costs = [
        spent(scim, "GET", f"/Users?count={count}{more}")
        for count in (5, 500)
        for more in ("", "&startIndex=6", "&filter=active+eq+true")
    ]
    assert_within("list", *costs)


def test_writing_a_user(scim: Scim) -> None:
    assert_within("create", *(spent(scim, "POST", "/Users", full(f"of{values}", values)) for values in (1, 100)))
    update = [{"op": "Replace", "path": "title", "value": "new"}, {"op": "Replace", "path": "active", "value": "False"}]
    ids = [scim.find("Users", f'userName eq "of{values}"')[0] for values in (1, 100)]
    assert_within("update", *(spent(scim, "PATCH", f"/Users/{one}", {"Operations": update}) for one in ids))
    change = [{"op": "Replace", "path": 'emails[type eq "work"].display', "value": "x"}]
    assert_within("update", *(spent(scim, "PATCH", f"/Users/{one}", {"Operations": change}) for one in ids))
    assert_within("update", *(spent(scim, "PUT", f"/Users/{one}", full(one, 50)) for one in ids))
    assert_within("delete", *(spent(scim, "DELETE", f"/Users/{one}") for one in ids))


def test_changing_nothing(scim: Scim, people: list[str]) -> None:
    nothing = {"Operations": [{"op": "Replace", "path": "active", "value": "True"}]}
    assert spent(scim, "PATCH", f"/Users/{people[0]}", nothing) <= 4


@pytest.mark.parametrize("verb", ["Add", "Remove", "replace"])
def test_changing_the_members_of_a_group(scim: Scim, crowd: dict[int, str], people: list[str], verb: str) -> None:
    chosen = people[10:] if verb == "Add" else people[:5]
    costs = []
    for count in (1, len(chosen)):
        for group in crowd.values():
            # Whoever is to come is made to leave first, and the other way round, so that every change is one.
            scim.patch(
                f"/Groups/{group}", _members("Remove", chosen) if verb == "Add" else _members("Add", people[:10])
            )
            costs.append(spent(scim, "PATCH", f"/Groups/{group}", {"Operations": [_members(verb, chosen[:count])]}))
    assert_within("group" if verb == "replace" else "members", *costs)


def test_members_who_are_there_already_cost_a_lock_and_no_more(
    scim: Scim, crowd: dict[int, str], people: list[str]
) -> None:
    again = [_members("Add", people[:count]) for count in (1, 10)]
    costs = [
        spent(scim, "PATCH", f"/Groups/{group}", {"Operations": [each]}) for group in crowd.values() for each in again
    ]
    assert_within("group", *costs)


def _members(verb: str, ids: list[str]) -> dict[str, Any]:
    return {"op": verb, "path": "members", "value": [{"value": one} for one in ids]}


def test_creating_and_renaming_and_deleting_a_group(scim: Scim, people: list[str]) -> None:
    bodies = [{"displayName": f"g{count}", "members": [{"value": one} for one in people[:count]]} for count in (1, 20)]
    assert_within("group", *(spent(scim, "POST", "/Groups", body) for body in bodies))
    groups = [scim.find("Groups", f'displayName eq "g{count}"')[0] for count in (1, 20)]
    rename = [{"op": "replace", "value": {"externalId": "x"}}]
    assert_within("update", *(spent(scim, "PATCH", f"/Groups/{one}", {"Operations": rename}) for one in groups))
    assert_within("group", *(spent(scim, "DELETE", f"/Groups/{one}") for one in groups))

"""Home tells which attributes Entra sets, or sends, again and again, and not those that change as people do."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from scim.cycles import recent
from securelogin.console.provisioning.unsettled import Unsettled, unsettled_of
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Change, Domain, Mention
from securelogin.logbook.models import Bookmark, Cycle, Entry
from tests.console.test_log import words
from tests.plans import analyze, explained
from tests.scim.conftest import Scim, connect

HOME = "/d/acme/"


def earlier(domain: Domain, minutes: int) -> None:
    """Let all that has happened in a domain have happened earlier, as if the clock had gone on."""
    shift = minutes * 60_000 << 80
    for entry in Entry.objects.filter(domain_id=domain.pk):
        sooner = {"id": UUID(int=entry.pk.int - shift), "at": entry.at - timedelta(minutes=minutes)}
        Entry.objects.filter(pk=entry.pk).update(**sooner)
    for change in Change.objects.filter(domain=domain, actor_kind="connection"):
        request = UUID(int=UUID(change.request_id).int - shift)
        moved = UUID(int=change.pk.int - shift)
        Change.objects.filter(pk=change.pk).update(id=moved, request_id=str(request))
        Mention.objects.filter(change_id=change.pk).update(change_id=moved)
    Cycle.objects.all().delete()
    Bookmark.objects.all().delete()


def sync(scim: Scim, domain: Domain, people: list[str], *operations: dict[str, Any]) -> None:
    """Let a cycle go by in which Entra sends the same of each of these people, one operation at a time."""
    for person in people:
        for operation in operations:
            assert scim.patch(f"/Users/{person}", {"op": "replace", **operation}).status_code == 200
    earlier(domain, 40)


def title(value: str) -> dict[str, str]:
    return {"path": "title", "value": value}


def people(scim: Scim, domain: Domain, number: int) -> list[str]:
    found = [scim.user(f"p{each}@acme.example", title="A") for each in range(number)]
    earlier(domain, 40)
    return found


def found(domain: Domain) -> list[Unsettled]:
    return unsettled_of(domain, recent(domain.pk))


def test_an_attribute_that_two_sources_fight_over_is_told_with_how_many(
    manager: Client, scim: Scim, acme: Domain
) -> None:
    three = people(scim, acme, 3)
    for value in ("B", "A", "B"):
        sync(scim, acme, three, title(value))
    answer = manager.get(HOME)
    assert (
        "Attention Entra sets title back and forth, cycle after cycle, for 3 people: two sources disagree, or the "
        "mapping writes what it cannot read back. Check its mapping."
    ) in words(answer)
    assert "/d/acme/log/?whom=p2%40acme.example&amp;period=day" in answer.content.decode()
    assert "a test changed p2@acme.example" in words(manager.get("/d/acme/log/?whom=p2%40acme.example&period=day"))


def test_two_mappings_of_one_attribute_are_told(scim: Scim, acme: Domain) -> None:
    ann = people(scim, acme, 1)
    for _ in range(3):
        sync(scim, acme, ann, title("B"), title("A"))
    assert found(acme) == [Unsettled("title", 1, "p0@acme.example", is_ignored=False)]


def test_two_connections_that_disagree_are_told(scim: Scim, acme: Domain) -> None:
    ann, other = people(scim, acme, 1), connect(acme)
    for _ in range(2):
        sync(scim, acme, ann, title("B"))
        sync(other, acme, ann, title("A"))
    assert [(each.said, each.total) for each in found(acme)] == [("title", 1)]


def test_what_is_ignored_each_time_is_told_with_its_warning(manager: Client, scim: Scim, acme: Domain) -> None:
    two = people(scim, acme, 2)
    for _ in range(3):
        sync(scim, acme, two, {"path": "shoeSize", "value": "42"})
    answer = manager.get(HOME)
    assert (
        "Attention Entra sends it again, cycle after cycle, for 2 people: shoeSize is not an attribute known here and "
        "was ignored; remove its mapping."
    ) in words(answer)
    assert "/d/acme/log/?whom=p1%40acme.example&amp;period=day&amp;view=requests" in answer.content.decode()
    lines = manager.get("/d/acme/log/?whom=p1%40acme.example&period=day&view=requests")
    assert "shoeSize is not an attribute known here" in words(lines)


def group_cycle(scim: Scim, domain: Domain, group: str, *operations: dict[str, Any]) -> None:
    """Let a cycle go by in which Entra sends this of a group, one operation at a time."""
    for operation in operations:
        assert scim.patch(f"/Groups/{group}", operation).status_code == 204
    earlier(domain, 40)


def test_a_groups_name_that_two_sources_fight_over_is_told(manager: Client, scim: Scim, acme: Domain) -> None:
    group = scim.group("Sales")
    earlier(acme, 40)
    for value in ("x", "y", "x"):
        group_cycle(scim, acme, group, {"op": "replace", "path": "externalId", "value": value})
    assert found(acme) == [Unsettled("externalId", 1, "Sales", is_ignored=False, subject_type="Group")]
    answer = manager.get(HOME)
    assert "Entra sets externalId back and forth, cycle after cycle, for 1 group: two sources" in words(answer)
    assert "a test changed Sales" in words(manager.get("/d/acme/log/?whom=Sales&period=day"))


def member(op: str, person: str) -> dict[str, Any]:
    return {"op": op, "path": "members", "value": [{"value": person}]}


def test_members_who_come_and_go_are_told_by_their_groups(manager: Client, scim: Scim, acme: Domain) -> None:
    ann, ben = people(scim, acme, 2)
    group = scim.group("Sales")
    earlier(acme, 40)
    for _ in range(3):
        group_cycle(scim, acme, group, *(member(op, one) for one in (ann, ben) for op in ("add", "remove")))
    assert found(acme) == [Unsettled("members", 1, "Sales", is_ignored=False, subject_type="Group")]
    assert "Entra adds and removes the same members, cycle after cycle, in 1 group" in words(manager.get(HOME))


def test_other_members_each_time_are_not_told(scim: Scim, acme: Domain) -> None:
    group = scim.group("Sales")
    for person in people(scim, acme, 4):
        group_cycle(scim, acme, group, member("add", person))
    assert found(acme) == []


def test_what_is_ignored_of_a_group_is_told(manager: Client, scim: Scim, acme: Domain) -> None:
    group = scim.group("Sales")
    earlier(acme, 40)
    for _ in range(3):
        group_cycle(scim, acme, group, {"op": "replace", "path": "colour", "value": "red"})
    assert "cycle after cycle, for 1 group: colour is not an attribute known here" in words(manager.get(HOME))


@pytest.mark.parametrize(
    "values", [("B", "C", "D"), ("B", "A"), ("B", "B", "B"), ("B", "A", "C", "C", "C", "C", "C", "C")]
)
def test_what_changes_as_people_do_is_not_told(scim: Scim, acme: Domain, values: tuple[str, ...]) -> None:
    ann = people(scim, acme, 1)
    for value in values:
        sync(scim, acme, ann, title(value))
    assert found(acme) == []


def test_different_people_in_different_cycles_are_not_told(scim: Scim, acme: Domain) -> None:
    for person in people(scim, acme, 3):
        sync(scim, acme, [person], title("B"), {"path": "shoeSize", "value": "42"})
    assert found(acme) == []


def test_what_has_settled_since_is_not_told(scim: Scim, acme: Domain) -> None:
    ann = people(scim, acme, 1)
    for value in ("B", "A", "B", "B", "B", "B", "B"):
        sync(scim, acme, ann, title(value))
    assert found(acme) == []


def test_the_neighbours_trouble_is_not_ours(manager: Client, neighbour: Client, umbra: Domain, acme: Domain) -> None:
    scim, ours = connect(umbra), connect(acme)
    theirs, mine = people(scim, umbra, 1), people(ours, acme, 1)
    for value in ("B", "A", "B"):
        sync(scim, umbra, theirs, title(value), {"path": "shoeSize", "value": "42"})
        sync(ours, acme, mine, title("A"))
    assert len(found(umbra)) == 2
    assert found(acme) == []
    assert "cycle after cycle" in words(neighbour.get("/d/umbra/"))
    assert "cycle after cycle" not in words(manager.get(HOME))


def test_looking_costs_the_same_for_few_and_for_many(
    scim: Scim, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    everybody = people(scim, acme, 12)
    for number in (1, 12):
        for value in ("B", "A", "B"):
            sync(scim, acme, everybody[:number], title(value), {"path": "shoeSize", "value": "42"})
        cycles = recent(acme.pk)
        with django_assert_num_queries(3):
            assert len(unsettled_of(acme, cycles)) == 2


def test_warnings_are_found_by_their_index(scim: Scim, acme: Domain) -> None:
    ann = people(scim, acme, 1)
    for _ in range(3):
        sync(scim, acme, ann, {"path": "shoeSize", "value": "42"})
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(
            id=UUID(int=earliest_id(now).int + number), domain_id=acme.pk, at=now, method="GET", path="/scim/v2/Users",
            status=200, milliseconds=1,
        )
        for number in range(2_000)
    )  # fmt: skip
    analyze()
    with CaptureQueriesContext(connection) as asked:
        found(acme)
    statements = [each["sql"] for each in asked.captured_queries if "warnings" in each["sql"]]
    assert statements
    assert all("entry_warned" in "\n".join(explained(sql)) for sql in statements)

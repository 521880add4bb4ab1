"""The deletion guard: a few may go, a crowd is held with nothing changed, and all else goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from securelogin.directory import guard
from securelogin.directory.guard import Thresholds, guard_of, set_thresholds
from securelogin.directory.held import Guard, Held
from securelogin.directory.models import Change, Domain, Group, Manager, Role, User
from securelogin.logbook.models import Entry
from tests.people import make_user
from tests.scim.conftest import Scim, connect, snapshot

OFF = {"op": "replace", "path": "active", "value": "False"}
ON = {"op": "replace", "path": "active", "value": "True"}


@pytest.fixture
def people(scim: Scim) -> list[str]:
    """Six who have been here for long enough to count."""
    return settled([scim.user(f"p{number}") for number in range(6)])


def settled(ids: list[str]) -> list[str]:
    for model in (User, Group):
        model.objects.filter(pk__in=ids).update(created=timezone.now() - timedelta(days=2))
    return ids


@pytest.fixture
def tight(acme: Domain) -> None:
    """Two may go in an hour."""
    set_thresholds(acme, Thresholds(most=2))


def take_away(scim: Scim, ids: list[str]) -> list[int]:
    return [scim.delete(f"/Users/{one}").status_code for one in ids]


def test_without_a_word_of_anybodys_ten_may_go_and_then_a_tenth(scim: Scim, acme: Domain) -> None:
    ids = settled([scim.user(f"p{number}") for number in range(12)])
    assert take_away(scim, ids) == [204] * 10 + [503] * 2
    assert [guard.limit(Guard(), total) for total in (0, 100, 101, 2_000, 100_000)] == [10, 10, 11, 200, 500]


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("way", ["patch", "put", "delete"])
def test_what_is_too_much_is_held_and_nothing_is_changed(scim: Scim, people: list[str], way: str) -> None:
    def remove(one: str, number: int) -> Any:
        if way == "delete":
            return scim.delete(f"/Users/{one}")
        if way == "put":
            return scim.put(f"/Users/{one}", {"userName": f"p{number}", "active": False})
        return scim.patch(f"/Users/{one}", OFF, {"op": "replace", "path": "title", "value": "gone"})

    for number in range(2):
        assert remove(people[number], number).status_code < 300
    before = snapshot()
    answer = remove(people[2], 2)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "holds the removal of user p2" in answer.json()["detail"]
    assert answer.json()["detail"].endswith("[SL-HELD]")
    assert snapshot() == before
    line = Entry.objects.get(error_id="SL-HELD")
    assert (line.subject_label, str(line.subject_id), line.changed, line.status) == ("p2", people[2], False, 503)


@pytest.mark.usefixtures("tight")
def test_all_else_goes_on_while_removals_are_held(scim: Scim, people: list[str]) -> None:
    assert take_away(scim, people[:3]) == [204, 204, 503]
    scim.user("new")
    group = scim.group("team", *people[3:])
    assert scim.patch(f"/Users/{people[3]}", {"op": "replace", "path": "title", "value": "T"}).status_code == 200
    assert scim.patch(f"/Groups/{group}", {"op": "remove", "path": "members"}).status_code == 204
    assert scim.get(f"/Users/{people[2]}").status_code == 200


@pytest.mark.usefixtures("tight")
def test_what_changes_nothing_or_lets_somebody_in_is_no_removal(scim: Scim, people: list[str]) -> None:
    for _again in range(4):
        assert scim.patch(f"/Users/{people[0]}", OFF).status_code == 200
    for _again in range(2):
        assert scim.patch(f"/Users/{people[0]}", ON).status_code == 200
    scim.user("never let in", active=False)
    assert Guard.objects.get().users == 1


@pytest.mark.usefixtures("tight")
def test_who_comes_back_does_not_make_room_for_another(scim: Scim, people: list[str]) -> None:
    for one in people[:2]:
        scim.patch(f"/Users/{one}", OFF)
        scim.patch(f"/Users/{one}", ON)
    assert scim.patch(f"/Users/{people[2]}", OFF).status_code == 503


@pytest.mark.usefixtures("tight")
def test_groups_are_counted_by_themselves(scim: Scim, people: list[str]) -> None:
    groups = settled([scim.group(f"g{number}") for number in range(3)])
    assert take_away(scim, people[:2]) == [204, 204]
    assert [scim.delete(f"/Groups/{one}").status_code for one in groups] == [204, 204, 503]
    assert "removal of group g2" in scim.delete(f"/Groups/{groups[2]}").json()["detail"]


@pytest.mark.usefixtures("tight")
def test_when_the_time_is_over_the_count_begins_anew(scim: Scim, people: list[str]) -> None:
    assert take_away(scim, people[:2]) == [204, 204]
    Guard.objects.update(since=int((timezone.now() - timedelta(minutes=60)).timestamp()))
    assert take_away(scim, people[2:5]) == [204, 204, 503]


@pytest.mark.usefixtures("tight")
def test_once_it_holds_time_alone_lets_nobody_through(scim: Scim, people: list[str]) -> None:
    assert take_away(scim, people[:3]) == [204, 204, 503]
    Guard.objects.update(since=0)
    assert take_away(scim, people[2:4]) == [503, 503]


@pytest.mark.usefixtures("tight")
def test_it_counts_whom_it_holds_once_however_often_entra_comes(scim: Scim, people: list[str], acme: Domain) -> None:
    take_away(scim, people)
    take_away(scim, people[2:])
    row = Guard.objects.get()
    assert (row.state, row.held_users, row.held_groups) == ("held", 4, 0)
    assert {str(one.subject_id) for one in Held.objects.filter(domain=acme)} == set(people[2:])


@pytest.mark.usefixtures("tight")
def test_released_everything_goes_for_a_day_and_then_it_is_watched_again(
    scim: Scim, people: list[str], acme: Domain
) -> None:
    take_away(scim, people[:3])
    assert guard.release(acme, "Alice")
    assert take_away(scim, people[2:5]) == [204] * 3
    assert not Held.objects.exists()
    Guard.objects.update(released_until=timezone.now() - timedelta(seconds=1))
    assert take_away(scim, people[5:]) == [503]
    assert Guard.objects.get().held_users == 1


@pytest.mark.usefixtures("tight")
def test_rejected_it_goes_on_holding_until_it_is_watched_again(scim: Scim, people: list[str], acme: Domain) -> None:
    take_away(scim, people[:3])
    assert guard.reject(acme, "Alice")
    Guard.objects.update(since=0)
    assert take_away(scim, people[2:4]) == [503, 503]
    assert guard.watch(acme, "Alice")
    assert take_away(scim, people[2:5]) == [204, 204, 503]


def test_there_is_nothing_to_decide_while_nothing_is_held(acme: Domain) -> None:
    assert [decide(acme, "Alice") for decide in (guard.release, guard.reject, guard.watch)] == [False] * 3


@pytest.mark.usefixtures("tight")
def test_switched_off_it_holds_nobody_and_lets_go_whom_it_held(scim: Scim, people: list[str], acme: Domain) -> None:
    take_away(scim, people[:3])
    set_thresholds(acme, Thresholds(is_on=False))
    assert take_away(scim, people[2:]) == [204] * 4
    assert not guard_of(Domain.objects.get(pk=acme.pk)).is_holding


@pytest.mark.usefixtures("tight")
def test_a_neighbour_is_not_held_up(scim: Scim, people: list[str], neighbour: Scim, umbra: Domain) -> None:
    theirs = settled([neighbour.user(f"u{number}") for number in range(3)])
    take_away(scim, people[:3])
    assert take_away(neighbour, theirs) == [204] * 3
    assert not Guard.objects.filter(domain=umbra, state="held").exists()


@pytest.mark.usefixtures("tight")
def test_a_second_connection_is_held_with_the_first(scim: Scim, people: list[str], acme: Domain) -> None:
    assert take_away(scim, people[:2]) == [204, 204]
    assert take_away(connect(acme), people[2:3]) == [503]


@pytest.mark.usefixtures("tight")
def test_a_write_whose_version_is_wrong_does_not_count(scim: Scim, people: list[str]) -> None:
    for _again in range(3):
        assert scim.delete(f"/Users/{people[0]}", **{"If-Match": 'W/"9"'}).status_code == 412
    assert take_away(scim, people[:3]) == [204, 204, 503]


@pytest.mark.usefixtures("tight")
def test_the_managers_who_may_decide_hear_of_it_once_a_day_in_the_domains_language(
    scim: Scim, people: list[str], acme: Domain, mallory: User
) -> None:
    Domain.objects.filter(pk=acme.pk).update(language="nl")
    for name, role in {"alice": Role.OWNER, "adam": Role.ADMIN, "carol": Role.CONNECTOR, "otto": Role.AUDITOR}.items():
        Manager.objects.filter(user=make_user(acme, name, role)).update(login_email=f"{name}@acme.example")
    Manager.objects.filter(user=mallory).update(login_email="mallory@umbra.example")
    take_away(scim, people)
    assert [message.to for message in mail.outbox] == [["adam@acme.example"], ["alice@acme.example"]]
    assert "verwijder" in mail.outbox[0].subject.lower()
    assert "http://127.0.0.1:8000/d/acme/guard/" in mail.outbox[0].body
    Guard.objects.update(mailed=timezone.now() - timedelta(hours=25))
    take_away(scim, people[2:])
    assert len(mail.outbox) == 4


@pytest.mark.usefixtures("tight")
def test_a_hold_that_nothing_has_come_to_for_two_days_ends(scim: Scim, people: list[str]) -> None:
    take_away(scim, people[:3])
    Guard.objects.update(last_held=timezone.now() - timedelta(hours=47))
    assert guard.end_forgotten() == 0
    Guard.objects.update(last_held=timezone.now() - timedelta(hours=49))
    assert guard.end_forgotten() == 1
    assert take_away(scim, people[2:3]) == [204]


@pytest.mark.usefixtures("tight")
def test_the_journal_tells_of_nothing_that_was_held(scim: Scim, people: list[str]) -> None:
    take_away(scim, people)
    assert Change.objects.filter(verb="delete").count() == 2


@pytest.mark.usefixtures("tight")
def test_who_came_today_may_go_today(scim: Scim, people: list[str], acme: Domain) -> None:
    new = [scim.user(f"new{number}") for number in range(5)]
    assert take_away(scim, [*people[:3], *new[:4]]) == [204, 204, 503, *[204] * 4]
    set_thresholds(acme, Thresholds(most=2, newcomer_hours=0))
    guard.watch(acme, "Alice")
    assert take_away(scim, [*new[4:], *people[3:5]]) == [204, 204, 503]


def test_the_defaults_are_the_same_in_both_places() -> None:
    assert guard.thresholds_of(Guard()) == Thresholds()

"""A few members come or go in one statement, without a lock: all who are named, or nothing, and then under a lock."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from securelogin.directory.directory import GROUPS, USERS, Directory, Slice, Values
from securelogin.directory.domains import create_domain
from securelogin.directory.errors import MissingError, OvertakenError, UnknownMembersError
from securelogin.directory.ids import uuid7
from securelogin.directory.membership import FEW, MemberChange
from securelogin.directory.models import Change, Group, Membership, Mention
from securelogin.directory.statements import Row
from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry
from tests.directory.test_directory import door, person, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Directory:
    directory = door(create_domain("here"))
    directory.exchange = Exchange(uuid7(), "PATCH", "/Groups")
    return directory


@pytest.fixture
def people(here: Directory) -> list[str]:
    return [rival_of(here).create(USERS, person(name))["id"] for name in ("a", "b", "c")]


@pytest.fixture
def group(here: Directory, people: list[str]) -> str:
    """A group that the first of the people is in."""
    made: str = rival_of(here).create(GROUPS, team("Team"), people[:1])["id"]
    return made


def rival_of(directory: Directory) -> Directory:
    return Directory(directory.tenant, directory.actor)


def changed(
    directory: Directory, group: str, change: MemberChange, between: Callable[[], object] = lambda: None
) -> Row:
    """Change the members of a group that is not locked; `between` happens between the reading and the writing."""
    with directory.held(GROUPS, group, locked=False) as row:
        between()
        return directory.update(GROUPS, row, None, change)


def people_by_name(directory: Directory) -> dict[str, str]:
    return {row["user_name"]: row["id"] for row in directory.select(USERS, None, Slice())}


def members(group: str) -> set[str]:
    return {str(each.user_id) for each in Membership.objects.filter(group_id=group)}


def test_who_comes_and_who_goes_is_in_the_journal_and_on_the_timelines(
    here: Directory, group: str, people: list[str]
) -> None:
    after = changed(here, group, MemberChange(add=[people[2], people[1]]))
    assert (after["version"], members(group)) == (2, set(people))
    change = Change.objects.latest("id")
    assert (change.before, change.after) == ({"members": []}, {"members": people[1:]})
    assert set(Mention.objects.filter(change=change).values_list("subject_id", flat=True)) == {
        each.user_id for each in Membership.objects.exclude(user_id=people[0])
    }
    assert Entry.objects.get().changed
    after = changed(rival_of(here), group, MemberChange(remove=people[:2]))
    assert (after["version"], members(group)) == (3, {people[2]})
    change = Change.objects.latest("id")
    assert (change.before, change.after) == ({"members": people[:2]}, {"members": []})


@pytest.mark.parametrize(
    "change, came, left",
    [
        (lambda a, b, _c: MemberChange(add=[a, b]), "b", "ab"),
        (lambda a, b, _c: MemberChange(remove=[a, b]), "", ""),
        (lambda a, b, _c: MemberChange(remove=[a, a.upper(), "nobody", b]), "", ""),
        (lambda a, b, _c: MemberChange(add=[b], remove=[a]), "b", "b"),
        (lambda _a, b, c: MemberChange(clear=True, add=[b, c]), "bc", "bc"),
    ],
)
def test_where_not_all_move_that_are_named_nothing_is_written_before_the_group_is_locked(
    here: Directory, group: str, change: Callable[..., MemberChange], came: str, left: str
) -> None:
    people = list(people_by_name(here).values())
    with pytest.raises(OvertakenError):
        changed(here, group, change(*people))
    assert members(group) == {people[0]}
    assert not Entry.objects.exists()
    assert Group.objects.get(id=group).version == 1
    assert changed(here, group, change(*people))["version"] == 2
    named = people_by_name(here)
    assert members(group) == {named[each] for each in left}
    assert Change.objects.latest("id").after == {"members": [named[each] for each in came]}


def test_what_changes_nothing_takes_the_lock_to_find_out(here: Directory, group: str, people: list[str]) -> None:
    for change in (MemberChange(add=people[:1]), MemberChange(remove=people[1:])):
        directory = rival_of(here)
        with pytest.raises(OvertakenError):
            changed(directory, group, change)
        assert changed(directory, group, change)["version"] == 1
    assert Change.objects.latest("id").verb == "create"


def test_who_is_unknown_is_named_once_the_group_is_locked(here: Directory, group: str, people: list[str]) -> None:
    for unknown in (str(uuid7()), "nobody", people[1].upper()):
        directory = rival_of(here)
        with pytest.raises(OvertakenError):
            changed(directory, group, MemberChange(add=[people[1], unknown]))
        with pytest.raises(UnknownMembersError) as refused:
            changed(directory, group, MemberChange(add=[people[1], unknown]))
        assert refused.value.ids == [unknown]
    assert members(group) == {people[0]}


def test_more_than_a_few_are_left_to_the_lock(here: Directory, group: str) -> None:
    crowd = [rival_of(here).create(USERS, person(f"p{number}"))["id"] for number in range(FEW + 1)]
    for change in (MemberChange(add=crowd), MemberChange(remove=crowd)):
        directory = rival_of(here)
        with CaptureQueriesContext(connection) as asked, pytest.raises(OvertakenError):
            changed(directory, group, change)
        assert len(asked) == 1  # the reading
        changed(directory, group, change)
    for few in (MemberChange(add=crowd[1:]), MemberChange(remove=crowd[1:])):
        changed(rival_of(here), group, few)
    assert Group.objects.get(id=group).version == 5


def test_what_others_do_to_the_members_meanwhile_is_kept(here: Directory, group: str, people: list[str]) -> None:
    first, second = MemberChange(add=[people[1]]), MemberChange(add=[people[2]])
    with pytest.raises(OvertakenError):
        changed(here, group, second, lambda: changed(rival_of(here), group, first))
    assert members(group) == set(people[:2])
    assert (changed(here, group, second)["version"], members(group)) == (3, set(people))


def test_a_group_that_is_deleted_meanwhile_stays_so(here: Directory, group: str, people: list[str]) -> None:
    change = MemberChange(add=[people[1]])
    with pytest.raises(OvertakenError):
        changed(here, group, change, lambda: rival_of(here).delete(GROUPS, group))
    with pytest.raises(MissingError):
        changed(here, group, change)
    assert not Membership.objects.exists()


def test_a_person_who_is_deleted_meanwhile_is_unknown(here: Directory, group: str, people: list[str]) -> None:
    change = MemberChange(add=people[1:])
    with pytest.raises(OvertakenError):
        changed(here, group, change, lambda: rival_of(here).delete(USERS, people[2]))
    with pytest.raises(UnknownMembersError):
        changed(here, group, change)
    assert members(group) == {people[0]}


def test_a_new_name_is_not_written_over_one_that_came_meanwhile(here: Directory, group: str, people: list[str]) -> None:
    def renamed(directory: Directory, name: str, *newcomers: str) -> Row:
        with directory.held(GROUPS, group, locked=False) as row:
            if name == "mine" and directory is here:
                renamed(rival_of(here), "the rival's")
            return directory.update(GROUPS, row, Values({"display_name": name}), MemberChange(add=newcomers))

    with pytest.raises(OvertakenError):
        renamed(here, "mine", people[1])
    found = Group.objects.get(id=group)
    assert (found.display_name, found.version, members(group)) == ("the rival's", 2, {people[0]})

"""The source: the same seed makes the same people, and every kind of change befalls somebody."""

from copy import deepcopy

import pytest

from entra import names
from entra.changes import happen
from entra.directory import Registrar, Size, build
from entra.people import Group, Source


def test_the_same_seed_makes_the_same_directory() -> None:
    size = Size(users=50, groups=5, seed=7)
    assert build(size, Registrar(7)) == build(size, Registrar(7))
    assert build(size, Registrar(7)).people.keys() != build(size, Registrar(8)).people.keys()


def test_user_names_are_ascii_and_differ_while_names_speak_every_language() -> None:
    people = build(Size(users=300, groups=0), Registrar(1)).people.values()
    accounts = {person.user_principal_name.casefold() for person in people}
    assert len(accounts) == 300
    assert all(account.isascii() for account in accounts)
    written = "".join(person.display_name for person in people)
    assert all(character in written for character in "é'ßİł田")


@pytest.mark.parametrize("asked,made", [(None, 60), (7, 7), (0, 0), (1000, 90)])
def test_there_are_as_many_memberships_as_asked_for_or_possible(asked: int | None, made: int) -> None:
    source = build(Size(users=30, groups=3, memberships=asked), Registrar(1))
    assert sum(len(group.members) for group in source.groups.values()) == made


def test_line_managers_are_people_of_the_source_or_nobody() -> None:
    people = build(Size(users=20, groups=0), Registrar(1)).people
    assert {person.manager for person in people.values()} - {None} <= people.keys()
    assert not any(person.manager for person in build(Size(20, 0, managers=False), Registrar(1)).people.values())


def test_group_names_can_be_asked_for() -> None:
    source = build(Size(users=0, groups=2), Registrar(1), names.INNER_QUOTES)
    assert any(group.name.startswith('The "Big" Team') for group in source.groups.values())


def test_a_deleted_person_leaves_all_groups() -> None:
    source = Source()
    source.put_person(Registrar(1).person())
    (object_id,) = source.people
    source.put_group(Group("g", "Group", frozenset({object_id, "other"})))
    source.remove_person(object_id)
    assert source.groups["g"].members == {"other"}


def test_only_what_came_after_the_watermark_has_changed() -> None:
    source = Source()
    source.put_group(Group("old", "Old"))
    watermark = source.watermark
    source.put_group(Group("new", "New"))
    source.remove_group("old")
    assert list(source.changed_since(watermark)) == ["new", "old"]


def test_every_kind_of_change_happens() -> None:
    registrar = Registrar(3)
    source = build(Size(users=60, groups=6, seed=3), registrar)
    before = deepcopy(source)
    happen(source, registrar)
    stayed = before.people.keys() & source.people.keys()
    pairs = [(before.people[each], source.people[each]) for each in stayed]
    assert before.people.keys() - source.people.keys()
    assert source.people.keys() - before.people.keys()
    assert any(old.enabled and not new.enabled for old, new in pairs)
    assert any(new.enabled and not old.enabled for old, new in pairs)
    assert any(old.user_principal_name != new.user_principal_name for old, new in pairs)
    assert any(new.job_title == "" for _, new in pairs)
    assert any(old.manager and not new.manager for old, new in pairs)
    assert before.groups.keys() - source.groups.keys()
    assert any("(new)" in group.name for group in source.groups.values())


def test_changes_befall_a_tiny_directory_too() -> None:
    for users, groups in ((0, 0), (1, 0), (1, 1), (2, 1)):
        registrar = Registrar(1)
        source = build(Size(users, groups), registrar)
        happen(source, registrar)
        assert len(source.people) + len(source.groups) <= users + groups + 2

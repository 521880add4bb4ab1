"""Many writers at one group, one name, one person: nobody is lost, doubled or left dangling, and nobody sees a 500."""

import os
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from uuid import uuid4

import pytest

from tests.installation import Installation
from tests.soak.provisioner import Answer, Provisioner, at_once, each
from tests.soak.truth import assert_whole, journalled_members

SEED = int(os.environ.get("SOAK_SEED", "20261122"))
Say = Callable[[str], None]


@pytest.fixture
def acme(here: Installation) -> Provisioner:
    return Provisioner.of(here, f"acme-{uuid4().hex[:8]}")


def hire(acme: Provisioner, count: int, name: str = "p") -> list[str]:
    return each(range(count), lambda number: acme.user(f"{name}{number}@acme.example").id)


def assert_members(here: Installation, acme: Provisioner, group: str, expected: set[str]) -> None:
    """Compare what a group shows, twice over, with what it should: in its members and in its journal."""
    found = acme.members(group)
    assert len(found) == len(set(found))
    assert set(found) == expected, (len(set(found) - expected), len(expected - set(found)))
    assert journalled_members(here.environment["DATABASE_URL"], group) == Counter(expected)
    assert_whole(here.environment["DATABASE_URL"])


def add_all(acme: Provisioner, group: str, people: list[str]) -> list[Answer]:
    return [acme.add(group, one) for one in people]


def crowd(here: Installation, acme: Provisioner, writers: int, adds: int) -> float:
    """Each writer adds people of its own to one group, one a request; return how many a second."""
    people, group = hire(acme, writers * adds), acme.group("everybody").id
    shares = [people[number::writers] for number in range(writers)]
    began = time.monotonic()
    answers = at_once([partial(add_all, acme, group, share) for share in shares])
    seconds = time.monotonic() - began
    assert {answer.status for each_one in answers for answer in each_one} == {204}
    assert_members(here, acme, group, set(people))
    return len(people) / seconds


def test_sixteen_writers_at_one_group_lose_nobody(here: Installation, acme: Provisioner) -> None:
    crowd(here, acme, 16, 3)


@pytest.mark.soak
@pytest.mark.parametrize("writers, adds", [(16, 50), (64, 20)])
def test_many_writers_at_one_group_lose_nobody(
    here: Installation, acme: Provisioner, say: Say, writers: int, adds: int
) -> None:
    rate = crowd(here, acme, writers, adds)
    say(f"{writers * adds} adds, 0 lost, 0 doubled, {rate:.0f} a second")


def shuffle(acme: Provisioner, group: str, own: list[str], seed: int, rounds: int) -> set[str]:
    """Add and remove a batch of one's own people and some of everybody's; return who of one's own is in at the end."""
    random, inside = Random(seed), set[str]()  # noqa: S311  # repeatable, not secret
    for _ in range(rounds):
        batch = random.sample(own, len(own) // 2)
        verb, effect = random.choice(
            [(acme.add, inside.update), (acme.remove, inside.difference_update), (acme.add, inside.update)]
        )
        assert verb(group, *batch).status == 204
        effect(batch)
    return inside


def mix(here: Installation, acme: Provisioner, writers: int, batch: int, rounds: int) -> None:
    people, group = hire(acme, writers * batch * 2), acme.group("shuffled").id
    shares = [people[number::writers] for number in range(writers)]
    calls = [partial(shuffle, acme, group, share, SEED + n, rounds) for n, share in enumerate(shares)]
    assert_members(here, acme, group, set().union(*at_once(calls)))


def test_batches_that_come_and_go_at_once_leave_the_right_people(here: Installation, acme: Provisioner) -> None:
    mix(here, acme, 4, 10, 4)


@pytest.mark.soak
def test_batches_of_a_hundred_leave_the_right_people(here: Installation, acme: Provisioner, say: Say) -> None:
    began = time.monotonic()
    mix(here, acme, 8, 100, 25)
    say(f"8 writers, 200 batches of 100 added or removed, all right after {time.monotonic() - began:.0f} s")


def overlap(here: Installation, acme: Provisioner, writers: int, rounds: int) -> int:
    """Everybody adds and removes the same people, each in an order of its own: the classic way into a deadlock."""
    people, groups = hire(acme, 30), [acme.group(f"team {number}").id for number in range(2)]

    def work(seed: int) -> list[int]:
        random = Random(seed)  # noqa: S311  # repeatable, not secret
        calls = [random.choice([acme.add, acme.remove]) for _ in range(rounds)]
        return [verb(random.choice(groups), *random.sample(people, 20)).status for verb in calls]

    answers = [status for one in at_once([partial(work, SEED + n) for n in range(writers)]) for status in one]
    assert set(answers) == {204}
    for group in groups:
        assert_members(here, acme, group, set(acme.members(group)))
    return len(answers)


def test_the_same_people_in_every_order_do_not_lock_each_other_out(here: Installation, acme: Provisioner) -> None:
    overlap(here, acme, 8, 4)


@pytest.mark.soak
def test_the_same_people_in_every_order_never_lock_each_other_out(
    here: Installation, acme: Provisioner, say: Say
) -> None:
    say(f"{overlap(here, acme, 16, 50)} overlapping changes, 0 deadlocks seen by a client")


def bustle(
    acme: Provisioner, groups: list[str], own: list[str], everybody: list[str], seed: int
) -> dict[str, set[str]]:
    """Move one's own people in and out of groups, a few at a time, and change anybody; return who of them is where."""
    random, inside = Random(seed), {group: set[str]() for group in groups}  # noqa: S311  # repeatable, not secret
    for number in range(len(own) * 2):
        group, few = random.choice(groups), random.sample(own, random.randint(1, 3))
        is_coming = random.random() < 0.6
        assert (acme.add if is_coming else acme.remove)(group, *few).status == 204
        inside[group] = inside[group] | set(few) if is_coming else inside[group] - set(few)
        new_title = {"op": "replace", "path": "title", "value": f"{seed} {number}"}
        assert acme.patch(f"/Users/{random.choice(everybody)}", new_title).status == 200
    return inside


def stir(here: Installation, acme: Provisioner, writers: int, people_each: int) -> int:
    people, groups = hire(acme, writers * people_each), [acme.group(f"team {number}").id for number in range(3)]
    shares = [people[number::writers] for number in range(writers)]
    calls = [partial(bustle, acme, groups, share, people, SEED + n) for n, share in enumerate(shares)]
    found = at_once(calls)
    for group in groups:
        assert_members(here, acme, group, set().union(*(inside[group] for inside in found)))
    return 4 * len(people)


def test_a_few_who_come_and_go_while_they_are_changed_are_in_the_right_groups(
    here: Installation, acme: Provisioner
) -> None:
    stir(here, acme, 8, 4)


@pytest.mark.soak
def test_a_few_who_come_and_go_while_they_are_changed_are_always_in_the_right_groups(
    here: Installation, acme: Provisioner, say: Say
) -> None:
    say(f"16 writers, {stir(here, acme, 16, 40)} changes of few members and of people, all right")


def vanish(here: Installation, acme: Provisioner, rounds: int) -> Counter[tuple[int, ...]]:
    """Delete somebody while she is added to two groups and taken out of one."""
    first, second = acme.group("first").id, acme.group("second").id
    outcomes: Counter[tuple[int, ...]] = Counter()
    for number in range(rounds):
        one = acme.user(f"v{number}@acme.example").id
        calls = [
            partial(acme.call, "DELETE", f"/Users/{one}"),
            *(partial(acme.add, first, one), partial(acme.add, second, one), partial(acme.remove, first, one)),
        ]
        answers = at_once(calls)
        assert answers[0].status == 204
        assert {answer.status for answer in answers[1:]} <= {204, 400}
        assert all(answer.body["scimType"] == "invalidValue" for answer in answers if answer.status == 400)
        assert answers[3].status == 204  # removing who is not there succeeds
        outcomes[tuple(answer.status for answer in answers)] += 1
    for group in (first, second):
        assert_members(here, acme, group, set())
    assert acme.total("Users") == 0
    return outcomes


def test_who_is_deleted_while_she_is_added_is_nowhere(here: Installation, acme: Provisioner) -> None:
    vanish(here, acme, 15)


@pytest.mark.soak
def test_who_is_deleted_while_she_is_added_is_never_anywhere(here: Installation, acme: Provisioner, say: Say) -> None:
    outcomes = vanish(here, acme, 500)
    before = sum(count for statuses, count in outcomes.items() if 400 in statuses)
    say(f"500 rounds, 0 dangling; the deletion came before an add in {before}")


def rivals(here: Installation, acme: Provisioner, at_a_time: int, rounds: int) -> None:
    """The same person and the same group, created at the same moment by many."""
    for number in range(rounds):
        spelled = [f"Rival{number}@acme.example", f"rival{number}@ACME.example"]
        calls = [partial(acme.user, spelled[n % 2]) for n in range(at_a_time)]
        if number % 2:
            calls = [partial(acme.group, f"Team {number}") for _ in range(at_a_time)]
        answers = at_once(calls)
        assert sorted(answer.status for answer in answers) == [201] + [409] * (at_a_time - 1)
        made = next(answer.id for answer in answers if answer.status == 201)
        assert all(made in answer.body["detail"] for answer in answers if answer.status == 409)
    assert (acme.total("Users"), acme.total("Groups")) == (rounds - rounds // 2, rounds // 2)
    assert_whole(here.environment["DATABASE_URL"])


def test_of_identical_creates_one_wins_and_the_others_are_told_whom_to_take(
    here: Installation, acme: Provisioner
) -> None:
    rivals(here, acme, 8, 10)


@pytest.mark.soak
def test_of_identical_creates_exactly_one_wins_every_time(here: Installation, acme: Provisioner, say: Say) -> None:
    rivals(here, acme, 8, 500)
    say("500 rounds of 8: exactly one 201 and seven 409 in each")


def ends(here: Installation, acme: Provisioner, at_a_time: int, rounds: int) -> None:
    """The same person deleted, and disabled, by many at the same moment."""
    for number in range(rounds):
        one = acme.user(f"end{number}@acme.example").id
        off = {"op": "Replace", "path": "active", "value": "False"}
        answers = at_once(
            [partial(acme.call, "DELETE", f"/Users/{one}")] * at_a_time + [partial(acme.patch, f"/Users/{one}", off)]
        )
        assert sorted(answer.status for answer in answers[:-1]) == [204] + [404] * (at_a_time - 1)
        assert answers[-1].status in {200, 404}
    assert acme.total("Users") == 0
    assert_whole(here.environment["DATABASE_URL"])


def test_of_identical_deletions_one_finds_somebody(here: Installation, acme: Provisioner) -> None:
    ends(here, acme, 4, 10)


@pytest.mark.soak
def test_of_identical_deletions_exactly_one_finds_somebody(here: Installation, acme: Provisioner, say: Say) -> None:
    ends(here, acme, 7, 300)
    say("300 rounds of 7: exactly one 204 in each")

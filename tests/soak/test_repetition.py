"""Every write comes twice, and between resources in any order: the end is that of a run where each came once."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from tests.installation import Installation
from tests.soak.provisioner import Answer, Provisioner, at_once, each
from tests.soak.truth import assert_whole

SEED = int(os.environ.get("SOAK_SEED", "20261122"))
GROUPS = 5
WRITES = ("title", "name.givenName", "preferredLanguage", 'emails[type eq "work"].value', "externalId")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

Write = Callable[[], Answer]
Send = Callable[[Write, list[int]], Answer]


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to one person, in this order; `steps` are of a verb and what it needs."""

    name: str
    steps: tuple[tuple[str, Any], ...]


def stories(seed: int, count: int) -> list[Story]:
    return [_story(Random(f"{seed} {number}"), f"s{number}@acme.example") for number in range(count)]  # noqa: S311


def _story(random: Random, name: str) -> Story:
    steps = [_step(random, number) for number in range(7)]
    if random.random() < 0.15:
        steps.append(("dismiss", None))
    return Story(name, tuple(steps))


def _step(random: Random, number: int) -> tuple[str, Any]:
    kind = random.random()
    if kind < 0.4:
        return "set", {"op": "Replace", "path": random.choice(WRITES), "value": f"value-{number}@x.example"}
    if kind < 0.55:
        return "set", {"op": "Add", "path": "active", "value": random.choice(["True", "False"])}
    if kind < 0.85:
        return "join", random.randrange(GROUPS)
    return "leave", random.randrange(GROUPS)


@dataclass(frozen=True, slots=True)
class Play:
    """Tells stories to a domain, each write sent by `send`."""

    acme: Provisioner
    groups: list[str]
    send: Send

    def tell(self, story: Story) -> int:
        one = self.send(partial(self.acme.user, story.name), [201, 409]).id
        for verb, what in story.steps:
            self.send(*self._write(one, verb, what))
        return 1 + len(story.steps)

    def _write(self, one: str, verb: str, what: Any) -> tuple[Write, list[int]]:
        if verb == "set":
            return partial(self.acme.patch, f"/Users/{one}", what), [200, 200]
        if verb == "dismiss":
            return partial(self.acme.call, "DELETE", f"/Users/{one}"), [204, 404]
        change = self.acme.add if verb == "join" else self.acme.remove
        return partial(change, self.groups[what], one), [204, 204]


def once(write: Write, expected: list[int]) -> Answer:
    answer = write()
    assert answer.status == expected[0], answer
    return answer


def in_a_row(write: Write, expected: list[int]) -> Answer:
    first, second = write(), write()
    assert [first.status, second.status] == expected, (first, second)
    return first


def together(write: Write, expected: list[int]) -> Answer:
    answers = sorted(at_once([write, write]), key=lambda answer: answer.status)
    assert [answer.status for answer in answers] == sorted(expected), answers
    return answers[0]


def state(acme: Provisioner) -> list[Any]:
    """Return everything a domain shows, versions too, with names in the place of ids and times."""
    users, groups = (list(pages(acme, endpoint)) for endpoint in ("Users", "Groups"))
    names = {one["id"]: one.get("userName") or one["displayName"] for one in (*users, *groups)}
    return sorted((_anonymous(one, names) for one in (*users, *groups)), key=str)


def pages(acme: Provisioner, endpoint: str) -> Iterable[dict[str, Any]]:
    start = 1
    while page := acme.call("GET", f"/{endpoint}?startIndex={start}&count=200").body.get("Resources", []):
        yield from page
        start += len(page)


def _anonymous(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return sorted((key, _anonymous(one, names)) for key, one in value.items() if key not in MOMENTS)
    if isinstance(value, list):
        return sorted((_anonymous(one, names) for one in value), key=str)
    return _ID.sub(lambda found: names[found[0]], value) if isinstance(value, str) else value


MOMENTS = {"created", "lastModified"}


def repeat(here: Installation, count: int) -> int:
    told = stories(SEED, count)
    shuffled = Random(SEED).sample(told, len(told))  # noqa: S311  # repeatable, not secret
    expected, writes = _after(here, once, told, 1)
    assert _after(here, in_a_row, shuffled, 6)[0] == expected
    assert _after(here, together, shuffled, 4)[0] == expected
    assert_whole(here.environment["DATABASE_URL"])
    return writes


def _after(here: Installation, send: Send, told: list[Story], threads: int) -> tuple[list[Any], int]:
    """Return how a fresh domain looks after the stories, and how many writes they had."""
    acme = Provisioner.of(here, f"play-{uuid4().hex[:8]}")
    groups = [acme.group(f"group {number}").id for number in range(GROUPS)]
    writes = sum(each(told, Play(acme, groups, send).tell, threads))
    return state(acme), writes


def test_what_comes_twice_and_in_another_order_ends_the_same(here: Installation) -> None:
    assert repeat(here, 20) > 140


@pytest.mark.soak
def test_ten_thousand_writes_twice_and_in_another_order_end_the_same(
    here: Installation, say: Callable[[str], None]
) -> None:
    writes = repeat(here, int(os.environ.get("SOAK_STORIES", "1250")))
    say(f"{writes} writes, once in order, twice in a row and twice at once, shuffled: the same end, versions included")

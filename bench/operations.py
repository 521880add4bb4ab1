"""What Entra's provisioning service does, request by request, and whether each answer is right."""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bench import people
from bench.wire import Answer, Wire

PAGE = 100


class WrongAnswerError(Exception):
    """A server answered, and not what was asked: its figure would mean nothing."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A seeded directory as a client knows it: how many people, and some of their ids by name."""

    size: int
    users: tuple[tuple[str, str], ...]
    spare: tuple[str, ...]
    groups: Mapping[int, str]
    deep_cursor: str = ""  # of the last page but one, where cursors are to be had (RFC 9865)
    removes_by_value: bool = False  # of peers that do not know members[value eq "…"]


@dataclass(slots=True)
class Actor:
    """One client with its own connection and its own dice."""

    wire: Wire
    scene: Scene
    dice: random.Random
    undo: list[Callable[[], None]] = field(default_factory=list)

    def ask(self, method: str, path: str, payload: Any = None, *, status: tuple[int, ...] = (200,)) -> Answer:
        answer = self.wire.call(method, path, payload)
        if answer.status not in status:
            raise WrongAnswerError(f"{method} {path}: {answer.status} {answer.body[:160]!r}")
        return answer

    def person(self) -> tuple[str, str]:
        return self.dice.choice(self.scene.users)


Operation = Callable[[Actor], None]


def check(fact: object, otherwise: str) -> None:
    if not fact:
        raise WrongAnswerError(otherwise)


def match(actor: Actor, endpoint: str, attribute: str, value: str) -> list[dict[str, Any]]:
    """Look for a resource by name as Entra does before it creates one; a group's members are left out."""
    excluded = "excludedAttributes=members&" if endpoint == "Groups" else ""
    text = quote(f'{attribute} eq "{value}"', safe="")
    found = actor.ask("GET", f"/{endpoint}?{excluded}filter={text}").json()
    resources: list[dict[str, Any]] = found.get("Resources", [])
    check(found["totalResults"] == len(resources) <= 1, f"{found['totalResults']} matches of {value}")
    check(all(one[attribute].lower() == value.lower() for one in resources), f"another one than {value}")
    return resources


def get_user(actor: Actor) -> None:
    name, user_id = actor.person()
    found = actor.ask("GET", f"/Users/{user_id}").json()
    check(str(found["id"]) == user_id and found["userName"] == name, "another user")


def match_user(actor: Actor) -> None:
    name = people.user_name(actor.dice.randrange(actor.scene.size))
    check(match(actor, "Users", "userName", name), f"no {name}")


def match_nobody(actor: Actor) -> None:
    check(not match(actor, "Users", "userName", f"nobody{actor.dice.random()}@bench.example"), "a ghost")


def list_first(actor: Actor) -> None:
    _page(actor, "startIndex=1")


def list_deep(actor: Actor) -> None:
    _page(actor, f"startIndex={max(1, actor.scene.size - 2 * PAGE - actor.dice.randrange(50))}")


def cursor_first(actor: Actor) -> None:
    _page(actor, "cursor=")


def cursor_deep(actor: Actor) -> None:
    _page(actor, f"cursor={actor.scene.deep_cursor}")


def _page(actor: Actor, where: str) -> None:
    page = actor.ask("GET", f"/Users?{where}&count={PAGE}").json()
    check(page["totalResults"] >= actor.scene.size and len(page["Resources"]) == PAGE, "not a page of a hundred")


def create_user(actor: Actor) -> None:
    name = f"new{_word(actor)}@bench.example"
    made = actor.ask("POST", "/Users", people.user(name, actor.dice.randrange(99_999)), status=(201,)).json()
    check(made["id"] and made["userName"] == name, "another user than was sent")


def patch_user(actor: Actor) -> None:
    """Entra's three operations: a name, the account's state, and one of several e-mail addresses."""
    _, user_id = actor.person()
    number = actor.dice.randrange(10**9)
    body = people.patch(
        {"op": "Replace", "path": "displayName", "value": f"Name {number}"},
        {"op": "Replace", "path": "active", "value": actor.dice.random() < 0.5},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": f"m{number}@bench.example"},
    )
    _patched(actor, user_id, body, "displayName", f"Name {number}")


def patch_active(actor: Actor) -> None:
    _, user_id = actor.person()
    active = actor.dice.random() < 0.5
    _patched(actor, user_id, people.patch({"op": "Replace", "path": "active", "value": active}), "active", active)


def _patched(actor: Actor, user_id: str, body: Any, attribute: str, value: object) -> None:
    answer = actor.ask("PATCH", f"/Users/{user_id}", body, status=(200, 204))
    check(answer.status == 204 or answer.json()[attribute] == value, f"{attribute} is not as sent")


def _word(actor: Actor) -> str:
    return uuid.UUID(int=actor.dice.getrandbits(128)).hex


def match_group(size: int) -> Operation:
    def run(actor: Actor) -> None:
        check(match(actor, "Groups", "displayName", people.group_name(size)), "no such group")

    return run


def get_group(size: int) -> Operation:
    def run(actor: Actor) -> None:
        path = f"/Groups/{actor.scene.groups[size]}?excludedAttributes=members"
        found = actor.ask("GET", path).json()
        check(found["displayName"] == people.group_name(size), "another group")

    return run


def read_group(size: int) -> Operation:
    def run(actor: Actor) -> None:
        answer = actor.ask("GET", f"/Groups/{actor.scene.groups[size]}")
        check(answer.body.count(b'"value"') >= size, "members are missing")

    return run


def add_and_remove(size: int, count: int) -> Operation:
    """Let some come into a group of this size, and leave it again: two requests."""

    def run(actor: Actor) -> None:
        chosen = actor.dice.sample(actor.scene.spare, count)
        actor.undo.append(lambda: _change_members(actor, size, _removal(actor, chosen)))
        _change_members(actor, size, [addition(chosen)])
        actor.undo.pop()()

    return run


def addition(ids: list[str]) -> dict[str, Any]:
    return {"op": "Add", "path": "members", "value": [{"value": each} for each in ids]}


def _removal(actor: Actor, ids: list[str]) -> list[dict[str, Any]]:
    if actor.scene.removes_by_value:
        return [{"op": "Remove", "path": "members", "value": [{"value": each} for each in ids]}]
    return [{"op": "Remove", "path": f'members[value eq "{each}"]'} for each in ids]


def _change_members(actor: Actor, size: int, operations: list[dict[str, Any]]) -> None:
    actor.ask("PATCH", f"/Groups/{actor.scene.groups[size]}", people.patch(*operations), status=(200, 204))


def initial_cycle(actor: Actor) -> None:
    """A share of a first run: ten people matched and created, then a group matched, created and filled with them."""
    ids = []
    for number in range(10):
        name = f"cyc{_word(actor)}@bench.example"
        check(not match(actor, "Users", "userName", name), "a ghost")
        ids.append(str(actor.ask("POST", "/Users", people.user(name, number), status=(201,)).json()["id"]))
    name = f"cycle {_word(actor)}"
    check(not match(actor, "Groups", "displayName", name), "a ghost")
    group_id = actor.ask("POST", "/Groups", people.group(name), status=(201,)).json()["id"]
    actor.ask("PATCH", f"/Groups/{group_id}", people.patch(addition(ids)), status=(200, 204))


def mix(actor: Actor) -> None:
    """One step of Entra's daily mix: mostly looking, some changes, a few newcomers and members."""
    actor.dice.choices(_MIX, _WEIGHTS)[0](actor)


_MIX: tuple[Operation, ...] = (match_user, get_user, patch_user, create_user, add_and_remove(10, 1), match_group(10))
_WEIGHTS = (45, 10, 20, 10, 5, 10)


def repeated(path: str) -> Operation:
    """Return the request that a bare view answers."""

    def run(actor: Actor) -> None:
        check(actor.ask("GET", path).json(), "nothing was found")

    return run


def steps(groups: tuple[int, ...]) -> Iterator[tuple[str, Operation]]:
    """Yield every operation by name; those of groups once for each size, as `add1/1000`."""
    users = (
        get_user,
        match_user,
        match_nobody,
        list_first,
        list_deep,
        cursor_first,
        cursor_deep,
        patch_user,
        patch_active,
        create_user,
    )
    yield from ((operation.__name__, operation) for operation in (*users, initial_cycle, mix))
    for size in groups:
        yield f"match_group/{size}", match_group(size)
        yield f"get_group/{size}", get_group(size)
        yield f"read_group/{size}", read_group(size)
        yield f"add1/{size}", add_and_remove(size, 1)
        yield f"add100/{size}", add_and_remove(size, 100)

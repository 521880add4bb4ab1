"""Rounds: every cell is measured several times, by turns with its rivals, so that all share the machine's moods."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench import database, people
from bench.contenders import Contender
from bench.operations import PAGE, Actor, Operation, Scene, WrongAnswerError, check, match
from bench.processes import cpu_seconds
from bench.wire import Wire

FAILURES = (WrongAnswerError, OSError, KeyError, ValueError, IndexError, TypeError)
KNOWN, KNOWN_SPARE = 200, 150
SLOW = 20.0  # seconds, of a round


@dataclass(frozen=True, slots=True)
class Cell:
    """One operation on one contender, by so many clients at once."""

    contender: Contender
    operation: str
    clients: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What one round of a cell gave: requests a second, seconds at two percentiles, microseconds of CPU a request."""

    rate: float
    p50: float
    p99: float
    app_cpu: float
    database_cpu: float
    requests: int


@dataclass(slots=True)
class Results:
    """All samples by cell, and why a cell has none."""

    samples: dict[Cell, list[Sample]] = field(default_factory=dict)
    failures: dict[Cell, str] = field(default_factory=dict)

    def median(self, cell: Cell, value: Callable[[Sample], float]) -> float | None:
        found = self.samples.get(cell)
        return statistics.median(value(one) for one in found) if found and cell not in self.failures else None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often: seconds of a round, and how many rounds."""

    seconds: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """Reads what a contender has cost so far: its own processes, and its connections' on the database server."""

    contender: Contender
    postgresql: str

    def pids(self) -> tuple[list[int], list[int]]:
        name = self.contender.database
        return self.contender.process.family(), database.backends(self.postgresql, name) if name else []


def discover(contender: Contender) -> Scene:
    """Find ids as a client does: by matching names."""
    dice = random.Random(7)
    directory, actor = contender.directory, _actor(contender, Scene(0, (), (), {}), 7)
    known = dice.sample(range(directory.people), KNOWN)
    spare = dice.sample(range(directory.people, directory.people + people.SPARE), KNOWN_SPARE)
    users = [(people.user_name(number), _id_of(actor, "Users", people.user_name(number))) for number in known]
    others = [_id_of(actor, "Users", people.user_name(number)) for number in spare]
    groups = {size: _id_of(actor, "Groups", people.group_name(size)) for size in directory.groups}
    actor.wire.close()
    cursor = _deep_cursor(contender) if contender.walks else ""
    return Scene(directory.people, tuple(users), tuple(others), groups, cursor, contender.removes_by_value)


def _deep_cursor(contender: Contender) -> str:
    """Walk to the end, and return the cursor that was followed last but one."""
    actor, cursors = _actor(contender, Scene(0, (), (), {}), 7), [""]
    while True:
        page = actor.ask("GET", f"/Users?attributes=id&count={PAGE * 5}&cursor={cursors[-1]}").json()
        if "nextCursor" not in page:
            actor.wire.close()
            return cursors[-2]
        cursors.append(page["nextCursor"])


def prove(contender: Contender, scene: Scene) -> None:
    """See once that a membership really comes and goes. Raises WrongAnswerError."""
    size = min(scene.groups)
    actor = _actor(contender, scene, 8)
    one, path = scene.spare[0], f"/Groups/{scene.groups[size]}"
    for verb, present in (("Add", True), ("Remove", False)):
        operation = {"op": verb, "path": "members", "value": [{"value": one}]}
        actor.ask("PATCH", path, people.patch(operation), status=(200, 204))
        shown = actor.ask("GET", path).json().get("members") or []
        check(any(str(each["value"]) == one for each in shown) is present, f"{contender.name}: {verb} of a member")
    actor.wire.close()


def _id_of(actor: Actor, endpoint: str, name: str) -> str:
    attribute = "userName" if endpoint == "Users" else "displayName"
    found = match(actor, endpoint, attribute, name)
    check(found, f"{name} was not seeded")
    return str(found[0]["id"])


def _actor(contender: Contender, scene: Scene, seed: int) -> Actor:
    return Actor(Wire(contender.address), scene, random.Random(seed))


def play(cells: Sequence[tuple[Cell, Operation, Scene]], pace: Pace, postgresql: str, results: Results) -> None:
    """Measure rival cells in interleaved rounds; each round begins with another of them. One that takes minutes, as
    some of the peers' do, is measured once.
    """
    slow: set[Cell] = set()
    for turn in range(pace.rounds):
        shift = turn % len(cells)
        for cell, operation, scene in [*cells[shift:], *cells[:shift]]:
            if cell in results.failures or cell in slow:
                continue
            started = time.monotonic()
            try:
                sample = _measure(cell, operation, scene, pace.seconds, Gauge(cell.contender, postgresql))
            except FAILURES as error:
                results.failures[cell] = f"{type(error).__name__}: {error}"[:300]
            else:
                results.samples.setdefault(cell, []).append(sample)
            if time.monotonic() - started > SLOW:
                slow.add(cell)


def _measure(cell: Cell, operation: Operation, scene: Scene, seconds: float, gauge: Gauge) -> Sample:
    actors = [_actor(cell.contender, scene, random.getrandbits(32)) for _ in range(cell.clients)]
    _drive(actors, operation, 0)  # one each: connections, caches and prepared statements are there
    for actor in actors:
        actor.wire.seconds.clear()
    own, others = gauge.pids()
    before = cpu_seconds(own), cpu_seconds(others)
    _drive(actors, operation, seconds)
    after = cpu_seconds(own), cpu_seconds(others)
    taken = sorted(each for actor in actors for each in actor.wire.seconds)
    spent = [1e6 * (end - start) / len(taken) for start, end in zip(before, after, strict=True)]
    for actor in actors:
        actor.wire.close()
    middle, late = taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    return Sample(cell.clients * len(taken) / sum(taken), middle, late, spent[0], spent[1], len(taken))


def _drive(actors: Sequence[Actor], operation: Operation, seconds: float) -> None:
    """Let every actor repeat the operation until time is up, once at least. Raises the first failure."""
    errors: list[BaseException] = []
    deadline = time.perf_counter() + seconds

    def repeat(actor: Actor) -> None:
        try:
            operation(actor)
            while time.perf_counter() < deadline and not errors:
                operation(actor)
        except FAILURES as error:
            errors.append(error)
            _put_back(actor)

    together([lambda actor=actor: repeat(actor) for actor in actors])  # type: ignore[misc]  # a lambda's default
    if errors:
        raise errors[0]


def _put_back(actor: Actor) -> None:
    """Whoever came into a group leaves it, so that the next round finds it as this one did."""
    for undo in actor.undo:
        try:
            undo()
        except FAILURES:
            return


def together(tasks: Iterable[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

"""What we promise ourselves: each line with the figure that releases it, and the one that we would like to reach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf, isinf

from bench.contenders import BARE, DJANGO_SCIM2, EMBEDDED, OURS
from bench.figures import Figures
from bench.plan import EIGHT, FLOOR, LARGE, MANY, ONE, PAGES, PEERS, READS, SMALL, USER_OPERATIONS, WALK, Entry

Reading = Callable[[Figures], float | None]
Comparison = Callable[[Figures, str], float | None]  # with the peers, of whoever is named


@dataclass(frozen=True, slots=True)
class Target:
    """A line of the table; `most` for figures that should be small. `floor` reads what a bare view reaches there."""

    label: str
    unit: str
    release: float
    ambition: float
    read: Reading
    most: bool = False
    floor: Reading = lambda _: None

    def verdict(self, value: float | None) -> str:
        if value is None:
            return "not measured"
        reached = [value <= limit if self.most else value >= limit for limit in (self.release, self.ambition)]
        if reached[1]:
            return "ambition"
        if isinf(self.release):  # nobody waits for it
            return "-"
        return "release" if reached[0] else "**missed**"


def targets() -> Iterator[Target]:
    """Yield the lines of the table, in its order."""
    yield from _peers()
    yield from _growth(OURS, "")
    yield from _own()
    yield from _growth(EMBEDDED, " (SQLite)")


def _peers() -> Iterator[Target]:
    scim2 = partial(_compared, peers=(DJANGO_SCIM2,))
    yield _times("GET user against django-scim2, 8 clients", 4, 7, scim2("get_user", clients=EIGHT))
    for clients in (ONE, EIGHT):
        label = f"match userName against django-scim2, 1,000 people, {_by(clients)}"
        yield _times(label, 5, 9, scim2("match_user", clients=clients))
    yield _times(
        "match userName against django-scim2, 100,000 people, 1 client",
        30,
        60,
        scim2("match_user", people=LARGE.people),
    )
    for clients in (ONE, EIGHT):
        yield _times(f"any user operation against the best peer, {_by(clients)}", 1.2, 2, _worst(clients))
    yield _times("create user against the best peer", 1.5, 2.4, _compared("create_user"))
    yield _times("PATCH user against the best peer", 1.5, 3, _compared("patch_user"))
    yield _times("add or remove 1 member of 1,000", 30, 50, _compared("add1/1000"))
    yield _times("add or remove 1 member of 10,000", 300, 500, _compared("add1/10000", people=LARGE.people))
    yield _times("add or remove 1 member of 100,000", 2000, 3400, _compared("add1/100000", people=LARGE.people))
    yield _times("page of 100, first and deep, among 1,000", 4, 8, _least(PAGES, SMALL.people))
    yield _times("page of 100, first and deep, among 100,000", 4, 8, _least(PAGES, LARGE.people))
    for clients in (ONE, EIGHT):
        compared = _compared("initial_cycle", clients=clients)
        yield _times(f"initial cycle against the best peer, {_by(clients)}", 1.5, 2.2, compared)


def _growth(who: str, where: str) -> Iterator[Target]:
    first, deep = (Entry(who, LARGE.people, page) for page in WALK)
    few, many = (Entry(who, directory.people, "match_user") for directory in (SMALL, LARGE))
    yield _slower(f"add 1 member: 100,000 against 10{where}", 1.3, 1.1, lambda f: f.growth(who, "add1"))
    yield _slower(f"match a group: 100,000 against 10{where}", 1.1, 1.0, lambda f: f.growth(who, "match_group"))
    yield _slower(f"GET a group without members: the same{where}", 1.1, 1.0, lambda f: f.growth(who, "get_group"))
    yield _slower(f"match userName: 100,000 people against 1,000{where}", 1.3, 1.1, lambda f: f.slower(many, few))
    yield _slower(
        f"page by cursor: deep in 100,000 against the first{where}", 1.2, 1.0, lambda f: f.slower(deep, first)
    )
    group = Entry(who, LARGE.people, f"read_group/{max(LARGE.groups)}")
    yield Target(f"full group of 100,000{where}", "ms", 150, 70, lambda f: _milliseconds(f, group), most=True)


def _own() -> Iterator[Target]:
    for operation in FLOOR:
        name = operation.replace("_", " ").partition("/")[0]
        yield Target(f"CPU of {name} against a bare view", "x", 1.5, 1.3, _over_floor(operation), most=True)
    burst = Entry(OURS, SMALL.people, "add100/1000", MANY)
    yield Target("32 PATCHes of one group at once, 100 members each: failures", "", 0, 0, _failed(burst), most=True)
    eight = Entry(OURS, SMALL.people, "add100/1000", EIGHT)
    yield Target("the same by 8 clients: 99 % within", "ms", inf, 30, lambda f: _late(f, eight), most=True)
    mix = Entry(OURS, SMALL.people, "mix", EIGHT)
    yield Target("Entra's mix, requests a core and second", "", 800, 1200, lambda f: _per_core(f, mix))
    yield Target("Entra's mix, 8 clients: 99 % within", "ms", 25, 12, lambda f: _late(f, mix), most=True)
    yield Target("memory of the largest worker", "MB", 150, 150, lambda f: f.megabytes, most=True)


def _times(label: str, release: float, ambition: float, read: Comparison) -> Target:
    return Target(label, "x", release, ambition, lambda f: read(f, OURS), floor=lambda f: read(f, BARE))


def _slower(label: str, release: float, ambition: float, read: Reading) -> Target:
    return Target(label, "x", release, ambition, read, most=True)


def _by(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"


def _compared(
    operation: str, *, peers: tuple[str, ...] = PEERS, people: int = SMALL.people, clients: int = ONE
) -> Comparison:
    return lambda f, who: f.times(operation, *peers, people=people, clients=clients, who=who)


def _worst(clients: int) -> Comparison:
    """The bare view only reads: what it has created it could not create again."""

    def read(figures: Figures, who: str) -> float | None:
        operations = READS if who == BARE else USER_OPERATIONS
        return _minimum([_compared(operation, clients=clients)(figures, who) for operation in operations])

    return read


def _least(operations: tuple[str, ...], people: int) -> Comparison:
    return lambda f, who: _minimum([_compared(operation, people=people)(f, who) for operation in operations])


def _minimum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return min(known) if known and len(known) == len(values) else None


def _over_floor(operation: str) -> Reading:
    """The processor time of the server's own processes: the database's is alike on both sides."""

    def read(figures: Figures) -> float | None:
        own, floor = (
            figures.value(Entry(who, SMALL.people, operation), lambda sample: sample.app_cpu) for who in (OURS, BARE)
        )
        return own / floor if own and floor else None

    return read


def _failed(entry: Entry) -> Reading:
    return lambda f: 1.0 if f.failure(entry) else None if f.rate(entry) is None else 0.0


def _late(figures: Figures, entry: Entry) -> float | None:
    seconds = figures.value(entry, lambda sample: sample.p99)
    return None if seconds is None else 1000 * seconds


def _milliseconds(figures: Figures, entry: Entry) -> float | None:
    seconds = figures.value(entry, lambda sample: sample.p50)
    return None if seconds is None else 1000 * seconds


def _per_core(figures: Figures, entry: Entry) -> float | None:
    """What one core does that serves and stores, and need not play the clients too."""
    spent = figures.value(entry, lambda sample: sample.app_cpu + sample.database_cpu)
    return 1e6 / spent if spent else None

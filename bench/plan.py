"""What is measured: which operations, on whom, by how many clients, and for how long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.contenders import BARE, DJANGO_SCIM2, EMBEDDED, OURS, SCIMMY, Directory
from bench.rounds import Pace

SMALL = Directory(1_000, (10, 1_000))
LARGE = Directory(100_000, (10, 1_000, 10_000, 100_000))

ONE, EIGHT, MANY = 1, 8, 32
PEERS = (DJANGO_SCIM2, SCIMMY)
ALL = (OURS, *PEERS)
USER_OPERATIONS = ("get_user", "match_user", "match_nobody", "patch_user", "patch_active", "create_user")
PAGES = ("list_first", "list_deep")
WALK = ("cursor_first", "cursor_deep")
# What a bare view can answer as well: reads with the peers, to see what Django itself leaves to be reached.
READS = ("get_user", "match_user", "match_nobody")
FLOOR = ("get_user", "match_user", "match_group/10", "patch_user")
BUDGETS: Mapping[str, int] = {
    "get_user": 2,
    "match_user": 2,
    "match_group": 2,
    "list_first": 4,
    "create_user": 7,
    "patch_user": 7,
    "add1": 9,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell by names, as the plan knows it: who, on which directory, does what, by how many clients."""

    who: str
    people: int
    operation: str
    clients: int = ONE


@dataclass(frozen=True, slots=True)
class Plan:
    """All heats, at one pace."""

    pace: Pace

    def heats(self) -> Iterator[Sequence[Entry]]:
        """Yield the cells that are measured by turns."""
        for clients in (ONE, EIGHT):
            for operation in (*USER_OPERATIONS, "initial_cycle"):
                # By several at once, the bare view's changes of one row would be in each other's way.
                is_floor = operation in READS or (operation in FLOOR and clients == ONE)
                rivals = (*ALL, BARE) if is_floor else ALL
                heat = _against(rivals, SMALL, operation, clients)
                # Few people and many by turns, since the one is held against the other.
                yield heat + _against(ALL, LARGE, operation) if (operation, clients) == ("match_user", ONE) else heat
        for operation in (*PAGES, "match_group/1000", "add1/10", "add1/1000"):
            yield _against(ALL, SMALL, operation)
        yield _against((OURS, BARE), SMALL, "match_group/10")  # the rest of FLOOR ran beside the peers
        yield [Entry(OURS, SMALL.people, "mix", EIGHT)]
        yield [Entry(OURS, SMALL.people, "add100/1000", clients) for clients in (ONE, EIGHT, MANY)]
        yield from self._among_many()
        yield from _scaling(OURS)
        yield from _scaling(EMBEDDED)

    def _among_many(self) -> Iterator[Sequence[Entry]]:
        for operation in (*PAGES, "add1/10000", "add1/100000"):
            yield _against(ALL, LARGE, operation)


def _against(rivals: Sequence[str], directory: Directory, operation: str, clients: int = ONE) -> list[Entry]:
    return [Entry(rival, directory.people, operation, clients) for rival in rivals]


def _scaling(who: str) -> Iterator[Sequence[Entry]]:
    """One server against itself: more people, larger groups, deeper pages."""
    yield [Entry(who, directory.people, "match_user") for directory in (SMALL, LARGE)]
    yield [Entry(who, LARGE.people, operation) for operation in (*PAGES, *WALK)]
    for operation in ("match_group", "get_group", "add1"):
        yield [Entry(who, LARGE.people, f"{operation}/{size}") for size in LARGE.groups]
    yield [Entry(who, LARGE.people, f"read_group/{size}") for size in LARGE.groups]


QUICK, FULL = Plan(Pace(0.3, 5)), Plan(Pace(1.5, 5))

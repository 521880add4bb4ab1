"""Medians by name: what the tables ask of the results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.contenders import OURS
from bench.plan import LARGE, SMALL, Entry
from bench.rounds import Cell, Results, Sample


@dataclass(frozen=True, slots=True)
class Figures:
    """The results of a run, and what was noted of our server beside them."""

    results: Results
    cells: Mapping[Entry, Cell]
    statements: Mapping[str, int]
    megabytes: float

    def value(self, entry: Entry, of: Callable[[Sample], float]) -> float | None:
        cell = self.cells.get(entry)
        return None if cell is None else self.results.median(cell, of)

    def rate(self, entry: Entry) -> float | None:
        return self.value(entry, lambda sample: sample.rate)

    def failure(self, entry: Entry) -> str | None:
        cell = self.cells.get(entry)
        return None if cell is None else self.results.failures.get(cell)

    def times(
        self, operation: str, *peers: str, people: int = SMALL.people, clients: int = 1, who: str = OURS
    ) -> float | None:
        """Return how many times as fast as the best of these peers we are, or somebody else is."""
        own = self.rate(Entry(who, people, operation, clients))
        theirs = [rate for peer in peers if (rate := self.rate(Entry(peer, people, operation, clients)))]
        return own / max(theirs) if own and theirs else None

    def slower(self, slow: Entry, fast: Entry) -> float | None:
        """Return how many times as long the first takes as the second, half of the requests each."""
        long, short = (self.value(entry, lambda sample: sample.p50) for entry in (slow, fast))
        return long / short if long and short else None

    def growth(self, who: str, operation: str) -> float | None:
        """Return how many times as long an operation takes on the largest group as on the smallest."""
        small, large = min(LARGE.groups), max(LARGE.groups)
        return self.slower(
            Entry(who, LARGE.people, f"{operation}/{large}"), Entry(who, LARGE.people, f"{operation}/{small}")
        )

"""Health: what a domain's cycles say of its sync. Running or ended, when the next is due, stale, or near quarantine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median
from uuid import UUID

from securelogin.logbook.models import Cycle

# Entra's incremental cycles begin every forty minutes or so.
USUAL_INTERVAL = timedelta(minutes=40)
_SHORTEST = timedelta(minutes=15)
_RUNNING_FOR = timedelta(minutes=2)
# After three intervals without a word, something is wrong.
_STALE_AFTER = 3
# Entra judges a job once 5,000 objects have failed: more than 40 % of those it tried, or 40,000, are too many. One
# refused credential is too many by itself.
QUARANTINE_FROM, QUARANTINE_SHARE, QUARANTINE_LIMIT = 5_000, 0.4, 40_000


class Forecast(StrEnum):
    """What Entra will make of the failures of its last cycle."""

    CLEAR = "clear"  # none
    SINGLE = "single"  # some objects: it tries them again, and never stops for them alone
    NEAR = "near"  # a share that leads to quarantine once there are enough of them
    DUE = "due"  # enough of them, and too many
    REFUSED = "refused"  # its credential was refused: quarantine at once


@dataclass(frozen=True, slots=True)
class Health:
    """The cycles of a domain, newest first, at a moment."""

    cycles: Sequence[Cycle]
    now: datetime

    @property
    def last(self) -> Cycle | None:
        return self.cycles[0] if self.cycles else None

    def apart(self, connections: Iterable[UUID]) -> dict[UUID, "Health"]:
        """Return the health of each of these connections that has spoken lately: beside one that syncs well, nobody
        would see that another is silent or refused.
        """
        own = {one: [cycle for cycle in self.cycles if cycle.connection_id == one] for one in connections}
        return {one: Health(cycles, self.now) for one, cycles in own.items() if cycles}

    @property
    def interval(self) -> timedelta:
        """How far apart cycles begin, as a rule: between a quarter of an hour and a day, or what is usual."""
        begun = [cycle.began.timestamp() for cycle in self.cycles[:12]]
        gaps = [later - earlier for later, earlier in pairwise(begun) if later - earlier > _SHORTEST.total_seconds()]
        return min(timedelta(seconds=median(gaps)), timedelta(days=1)) if len(gaps) > 2 else USUAL_INTERVAL

    @property
    def is_running(self) -> bool:
        return self.last is not None and self.now - self.last.ended < _RUNNING_FOR

    @property
    def next_expected(self) -> datetime | None:
        return None if self.last is None else self.last.began + self.interval

    @property
    def is_stale(self) -> bool:
        return self.last is not None and self.now - self.last.ended > _STALE_AFTER * self.interval

    @property
    def failure_share(self) -> float:
        """Return which part of what the last cycle tried to write has failed, from 0 to 1."""
        return 0.0 if self.last is None else _share(self.last)

    @property
    def forecast(self) -> Forecast:
        last = self.last
        if last is None or not last.failed:
            return Forecast.CLEAR
        if last.refused and last.refused == last.calls:
            return Forecast.REFUSED
        too_many = _share(last) > QUARANTINE_SHARE
        if last.failed > QUARANTINE_LIMIT or (too_many and last.failed >= QUARANTINE_FROM):
            return Forecast.DUE
        return Forecast.NEAR if too_many and last.failed >= QUARANTINE_FROM // 10 else Forecast.SINGLE


def _share(cycle: Cycle) -> float:
    tried = cycle.created + cycle.changed + cycle.disabled + cycle.removed + cycle.failed
    return cycle.failed / tried if tried else 0.0


def has_synced(cycles: Sequence[Cycle], now: datetime) -> bool:
    """Tell whether a cycle has come to its end that did more than ask whether somebody is there."""
    return any(
        cycle.calls > cycle.probes and cycle.calls > cycle.failed and now - cycle.ended > _RUNNING_FOR
        for cycle in cycles
    )

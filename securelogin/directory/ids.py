"""Identifiers: UUIDv7 (RFC 9562 §5.7), so that the order of ids is the order of creation and pages can walk by id."""

import os
import re
import time
from datetime import datetime
from threading import Lock
from uuid import UUID

_NANOSECONDS_PER_MILLISECOND = 1_000_000
_CANONICAL = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class _Ticks:
    """The time in 4,096ths of a millisecond, each tick given out once: a process never makes an id below its last, even
    where the clock is set back (RFC 9562 §6.2).
    """

    def __init__(self) -> None:
        self._last = 0
        self._lock = Lock()

    def next(self) -> int:
        now = (time.time_ns() << 12) // _NANOSECONDS_PER_MILLISECOND
        with self._lock:
            self._last = max(now, self._last + 1)
            return self._last


_ticks = _Ticks()


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, 12 bits of the fraction below (RFC 9562 §6.2 method 3), 62 random
    bits.
    """
    milliseconds, fraction = divmod(_ticks.next(), 1 << 12)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def earliest_id(moment: datetime) -> UUID:
    """Return the least id that may have been made at a moment or later, to a millisecond."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


def is_id(text: str) -> bool:
    """Tell whether `text` spells an id canonically: an id has one spelling, or caches and logs would disagree."""
    return _CANONICAL.fullmatch(text) is not None


def parse_id(text: str) -> UUID | None:
    """Return the id that `text` spells canonically, else None."""
    return UUID(text) if is_id(text) else None

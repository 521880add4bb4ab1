"""Fairness: while others ask too, no connection may take more than its share of a process (RFC 6585 §4).

Entra asks 25 requests a second of a server and is never refused here; a client that floods is, if it has neighbours.
Approximate on purpose: a count per connection and second, in each process, without a lock.
"""

from time import monotonic
from uuid import UUID

from django.conf import settings

from scim.protocol.errors import TooManyRequests


class Window:
    """How many requests each connection has made in this second, and who asked in the second before."""

    def __init__(self) -> None:
        self.second = 0
        self.counts: dict[UUID, int] = {}
        self.before: frozenset[UUID] = frozenset()

    def count(self, connection_id: UUID) -> int:
        """Count one more request of a connection, and return how many it has made in this second."""
        now = int(monotonic())
        if now != self.second:
            self.before = frozenset(self.counts) if now == self.second + 1 else frozenset()
            self.second, self.counts = now, {}
        made = self.counts[connection_id] = self.counts.get(connection_id, 0) + 1
        return made

    def has_others(self, connection_id: UUID) -> bool:
        return any(other != connection_id for other in (*self.counts, *self.before))


_window = Window()


def admit(connection_id: UUID) -> None:
    """Count a request. Raises TooManyRequests when the connection is over its share and somebody else is there."""
    made = _window.count(connection_id)
    if made > settings.REQUESTS_PER_SECOND and _window.has_others(connection_id):
        raise TooManyRequests(
            f"This connection has made more than {settings.REQUESTS_PER_SECOND} requests in a second, and others wait;"
            " it may go on in a second.",
            "SL-TOO-MANY",
            retry_after=1,
        )

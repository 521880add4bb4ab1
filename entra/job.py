"""A provisioning job: what it has been told, what it remembers, and its one way of asking the server."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from tqdm import tqdm

from entra.checks import Finding, examine
from entra.dialect import Chaos, Style
from entra.mapping import UserMapping
from entra.operations import Kind
from entra.people import Source
from entra.report import Report
from entra.transport import Channel, Exchange
from entra.wire import Request

LOST_EVERY = 10

Item = TypeVar("Item")
Result = TypeVar("Result")


class Quarantined(Exception):  # noqa: N818 - it is a state of the job that ends the run, not a programming error
    """The server is not usable for Entra; the message says why."""


class ObjectFailed(Exception):  # noqa: N818 - it befalls one object and ends in escrow
    """One object could not be provisioned; carries the exchange that failed."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        self.exchange = exchange


@dataclass(slots=True)
class Escrow:
    """An object that failed: how often, and the number of the cycle that tries again."""

    tries: int
    due: int


@dataclass(slots=True)
class Memory:
    """What survives from cycle to cycle; a restart begins with a new one.

    `users` and `groups` are the caches from source ids to target ids, `members` what was written into each group.
    """

    users: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    open_managers: set[str] = field(default_factory=set)
    escrow: dict[str, Escrow] = field(default_factory=dict)
    watermark: int = 0
    cycle: int = 0

    def cache(self, kind: Kind) -> dict[str, str]:
        return self.users if kind is Kind.USER else self.groups

    def put_in_escrow(self, object_id: str) -> None:
        """Waits 1, 2, 4, 8 … cycles."""
        tries = self.escrow[object_id].tries + 1 if object_id in self.escrow else 1
        self.escrow[object_id] = Escrow(tries, self.cycle + 2 ** (tries - 1))

    def due(self) -> Iterable[str]:
        return [object_id for object_id, escrow in self.escrow.items() if escrow.due <= self.cycle]

    def forget(self, object_id: str) -> None:
        """The object is gone from the target; so are its memberships."""
        self.users.pop(object_id, None)
        self.groups.pop(object_id, None)
        self.members.pop(object_id, None)
        self.escrow.pop(object_id, None)
        self.open_managers.discard(object_id)
        # A list, because another thread may be entering a new group.
        for members in list(self.members.values()):
            members.discard(object_id)


class Crew:
    """The limited number of connections Entra works with; also shows how far a task has come."""

    def __init__(self, concurrency: int, *, quiet: bool) -> None:
        self._pool, self._quiet = ThreadPoolExecutor(concurrency), quiet

    def each(self, title: str, items: Iterable[Item], work: Callable[[Item], Result]) -> list[Result]:
        """Results in the order of the items; an exception ends the task."""
        todo = list(items)
        results = self._pool.map(work, todo)
        return list(tqdm(results, desc=title, total=len(todo), disable=self._quiet or not todo, unit=""))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


@dataclass(slots=True)
class Job:
    """`phase` is the report's heading for what happens now; `created` and `deleted` are target ids of this run."""

    source: Source
    mapping: UserMapping
    style: Style
    channel: Channel
    crew: Crew
    report: Report
    member_batch: int = 1
    phase: str = ""
    memory: Memory = field(default_factory=Memory)
    created: set[str] = field(default_factory=set)
    deleted: list[tuple[Kind, str]] = field(default_factory=list)

    def ask(self, request: Request) -> Exchange:
        """Sends, measures, checks. What is wrong stands in the report; `granted` tells the caller."""
        if request.method == "PATCH" and self.loses_response():
            self.report.record(self.phase, self.channel.send(request))
        exchange = self.channel.send(request)
        self.report.record(self.phase, exchange)
        for finding in examine(exchange):
            self.object_to(exchange, finding)
        return exchange

    def object_to(self, exchange: Exchange, finding: Finding) -> None:
        self.report.object_to(self.phase, exchange, finding)

    def demand(self, request: Request) -> Exchange:
        """As `ask`, where nothing can go on without success. Raises ObjectFailed."""
        exchange = self.ask(request)
        if not exchange.granted:
            raise ObjectFailed(exchange)
        return exchange

    def attempt(self, object_id: str, work: Callable[[], Result]) -> Result | None:
        """What fails waits in escrow; the rest of the cycle goes on. None when it failed."""
        try:
            result = work()
        except ObjectFailed:
            self.memory.put_in_escrow(object_id)
            return None
        self.memory.escrow.pop(object_id, None)
        return result

    def loses_response(self) -> bool:
        return self.style.has(Chaos.LOST_RESPONSES) and len(self.report.samples) % LOST_EVERY == 0

"""A sync that goes on behind the pages: one call after the other, with whatever credential it was given last."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests

_PAUSE = 0.02  # seconds between calls


@dataclass
class Sync:
    """`bearer` returns the token for the next call; `statuses` are what the calls were answered with."""

    tenant_url: str
    bearer: Callable[[], str]
    statuses: list[int] = field(default_factory=list)
    _moved: threading.Event = field(default_factory=threading.Event)

    def call(self, session: requests.Session) -> None:
        headers = {"Authorization": f"Bearer {self.bearer()}"}
        answer = session.get(f"{self.tenant_url}/Users?count=1", headers=headers, timeout=10)
        self.statuses.append(answer.status_code)
        self._moved.set()

    def goes_on(self, calls: int = 5) -> None:
        """Wait until so many more calls were answered."""
        enough = len(self.statuses) + calls
        while len(self.statuses) < enough:
            self._moved.clear()
            assert self._moved.wait(10), "the sync has stopped"


@contextmanager
def syncing(tenant_url: str, bearer: Callable[[], str]) -> Iterator[Sync]:
    sync, over = Sync(tenant_url, bearer), threading.Event()

    def run() -> None:
        with requests.Session() as session:
            while not over.wait(_PAUSE):
                sync.call(session)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield sync
    finally:
        over.set()
        thread.join(10)

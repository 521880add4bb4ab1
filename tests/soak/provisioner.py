"""A SCIM client for the long tests: one HTTP connection a thread, and every answer held to what is promised of all."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests

from tests.installation import Installation

LONGEST_ANSWER = 10.0  # seconds, whatever is wrong
NO_ANSWER = 0

Result = TypeVar("Result")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the status is 0 when the connection broke instead."""

    status: int
    body: Any
    seconds: float

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def granted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Provisioner:
    """One domain of an installation, and the right to write it."""

    tenant_url: str
    token: str = field(repr=False)
    patience: float = 30.0
    _mine: threading.local = field(default_factory=threading.local, repr=False)

    @classmethod
    def of(cls, here: Installation, domain: str) -> "Provisioner":
        """Make the domain, if it is not there, and an access key for it."""
        made = here.facts("create_key", domain, "--create-domain")
        return cls(made["tenant_url"], made["access_key"])

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Send one request. Raises AssertionError when the answer breaks a promise that holds for every answer."""
        began = time.monotonic()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        sent = None if body is None else json.dumps(body)
        try:
            answer = self._session().request(
                method, self.tenant_url + path, data=sent, headers=headers, timeout=self.patience
            )
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return Answer(NO_ANSWER, None, time.monotonic() - began)
        seconds = time.monotonic() - began
        self._hold(answer, seconds)
        return Answer(answer.status_code, answer.json() if answer.content else None, seconds)

    def user(self, name: str, **attributes: Any) -> Answer:
        return self.call("POST", "/Users", {"schemas": [USER], "userName": name, **attributes})

    def group(self, name: str, members: Sequence[str] = ()) -> Answer:
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": one} for one in members]}
        return self.call("POST", "/Groups", body)

    def patch(self, path: str, *operations: dict[str, Any]) -> Answer:
        return self.call("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)})

    def add(self, group: str, *members: str) -> Answer:
        return self.patch(f"/Groups/{group}", _members("Add", members))

    def remove(self, group: str, *members: str) -> Answer:
        return self.patch(f"/Groups/{group}", _members("Remove", members))

    def members(self, group: str) -> list[str]:
        answer = self.call("GET", f"/Groups/{group}")
        assert answer.status == 200, answer
        return [one["value"] for one in answer.body.get("members", [])]

    def total(self, endpoint: str) -> int:
        return int(self.call("GET", f"/{endpoint}?count=0").body["totalResults"])

    def find(self, endpoint: str, expression: str) -> list[dict[str, Any]]:
        answer = self.call("GET", f"/{endpoint}?filter={requests.utils.quote(expression)}")
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer.body["Resources"]
        return found

    def _session(self) -> requests.Session:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
            self._mine.session.trust_env = False
        session: requests.Session = self._mine.session
        return session

    def _hold(self, answer: requests.Response, seconds: float) -> None:
        said = (answer.request.method, answer.url, answer.status_code, answer.text[:500])
        assert seconds < LONGEST_ANSWER, (seconds, *said)
        assert answer.status_code < 500 or answer.status_code == 503, said
        assert answer.status_code != 503 or int(answer.headers["Retry-After"]) > 0, said
        assert not answer.content or answer.headers["Content-Type"] == "application/scim+json", said


USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def _members(verb: str, members: Iterable[str]) -> dict[str, Any]:
    return {"op": verb, "path": "members", "value": [{"value": one} for one in members]}


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Make the calls at the same moment, each in a thread of its own; the results are in their order."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def each(items: Iterable[Item], work: Callable[[Item], Result], threads: int = 8) -> list[Result]:
    """Do the work for each, a few at a time; the results are in their order."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))

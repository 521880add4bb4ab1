"""A client that keeps a ledger: it repeats each write until it is acknowledged, and knows what must be there then."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event

from tests.soak.provisioner import NO_ANSWER, Answer, Provisioner, at_once

LONGEST_OUTAGE = 40.0
# What leaves a client in doubt: no answer at all, or one that asks it to come back.
DOUBTFUL = {NO_ANSWER, 503}


@dataclass(slots=True)
class Clerk:
    """One writer, with people and a group of its own; nobody else touches them."""

    provisioner: Provisioner
    name: str
    random: Random
    group: str = ""
    people: dict[str, str] = field(default_factory=dict)  # displayName by id, as acknowledged
    members: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    tally: Counter[int] = field(default_factory=Counter)
    written: int = 0
    longest_gap: float = 0.0

    def work(self, over: Event) -> None:
        """Write until it is over."""
        self.group = self._settle("Groups", f"group {self.name}")
        while not over.is_set():
            doing = self.random.choices([self._hire, self._rename, self._add, self._remove, self._dismiss], STRENGTHS)
            doing[0]()

    def _hire(self) -> None:
        self.people[self._settle("Users", f"{self.name}-{self.written}@acme.example")] = ""

    def _rename(self) -> None:
        if self.people:
            one, name = self._anybody(), f"Name {self.written}"
            change = {"op": "Replace", "path": "displayName", "value": name}
            self._insist(lambda: self.provisioner.patch(f"/Users/{one}", change), {200})
            self.people[one] = name

    def _add(self) -> None:
        if self.people:
            one = self._anybody()
            self._insist(lambda: self.provisioner.add(self.group, one), {204})
            self.members.add(one)

    def _remove(self) -> None:
        if self.members:
            one = self.random.choice(sorted(self.members))
            self._insist(lambda: self.provisioner.remove(self.group, one), {204})
            self.members.discard(one)

    def _dismiss(self) -> None:
        if len(self.people) > 10:
            one = self._anybody()
            # In doubt, 404 says that the deletion before it was done.
            self._insist(lambda: self.provisioner.call("DELETE", f"/Users/{one}"), {204}, in_doubt={404})
            del self.people[one]
            self.members.discard(one)
            self.gone.add(one)

    def _anybody(self) -> str:
        return self.random.choice(sorted(self.people))

    def _settle(self, endpoint: str, name: str) -> str:
        """Create, and return the id; in doubt, take what is there, as Entra does after a 409."""
        create = self.provisioner.user if endpoint == "Users" else self.provisioner.group
        answer = self._insist(lambda: create(name), {201}, in_doubt={409})
        if answer.status == 201:
            return answer.id
        attribute = "userName" if endpoint == "Users" else "displayName"
        path = f'/{endpoint}?filter={attribute} eq "{name}"'
        found = self._insist(lambda: self.provisioner.call("GET", path), {200}).body["Resources"]
        assert len(found) == 1, found
        return str(found[0]["id"])

    def _insist(
        self, send: Callable[[], Answer], expected: set[int], in_doubt: frozenset[int] | set[int] = frozenset()
    ) -> Answer:
        """Send until there is an answer that settles it."""
        began, doubt = time.monotonic(), False
        while time.monotonic() - began < LONGEST_OUTAGE:
            answer = send()
            self.tally[answer.status] += 1
            if answer.status not in DOUBTFUL:
                assert answer.status in (expected | in_doubt if doubt else expected), (self.name, doubt, answer)
                self.written += 1
                self.longest_gap = max(self.longest_gap, time.monotonic() - began)
                return answer
            doubt = True
            time.sleep(0.05)
        raise AssertionError(f"{self.name} got nothing but {dict(self.tally)} for {LONGEST_OUTAGE} s.")


STRENGTHS = (50, 20, 15, 8, 7)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Several clerks at once, and what they have been promised together."""

    provisioner: Provisioner
    clerks: tuple[Clerk, ...]

    @classmethod
    def open(cls, provisioner: Provisioner, seed: int, clerks: int = 6) -> "Ledger":
        made = (Clerk(provisioner, f"clerk{n}", Random(f"{seed} {n}")) for n in range(clerks))  # noqa: S311
        return cls(provisioner, tuple(made))

    def during(self, trouble: Callable[[], None]) -> None:
        """Let the clerks write while something happens to the server."""
        over = Event()

        def happen() -> None:
            try:
                trouble()
            finally:
                over.set()

        at_once([happen, *(lambda clerk=clerk: clerk.work(over) for clerk in self.clerks)])

    def assert_kept(self) -> None:
        """Compare the server with the ledger: nobody is lost, nobody is back, nothing is there twice."""
        people = {one: name for clerk in self.clerks for one, name in clerk.people.items()}
        shown = self._everybody()
        assert len(shown) == len({one for one, _ in shown}) == self.provisioner.total("Users")
        assert dict(shown) == people
        assert not {one for one, _ in shown} & {one for clerk in self.clerks for one in clerk.gone}
        for clerk in self.clerks:
            found = self.provisioner.members(clerk.group)
            assert (len(found), set(found)) == (len(clerk.members), clerk.members)

    def _everybody(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while True:
            path = f"/Users?attributes=displayName&count=200&startIndex={len(found) + 1}"
            page = self.provisioner.call("GET", path).body.get("Resources", [])
            found += [(one["id"], one.get("displayName", "")) for one in page]
            if len(page) < 200:
                return found

    @property
    def written(self) -> int:
        return sum(clerk.written for clerk in self.clerks)

    @property
    def figures(self) -> str:
        answers = sum((clerk.tally for clerk in self.clerks), Counter[int]())
        gap = max(clerk.longest_gap for clerk in self.clerks)
        said = ", ".join(f"{count} x {status or 'no answer'}" for status, count in sorted(answers.items()))
        return f"{self.written} acknowledged, 0 lost, 0 doubled ({said}); longest wait for one write {gap:.1f} s"

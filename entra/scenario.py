"""The whole run, phase by phase, as an admin sees it: Authorize, Test Connection, cycles, on-demand, restart."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from entra import cycle, discovery, names, tokens, verify
from entra.changes import happen
from entra.dialect import Chaos, Dialect
from entra.directory import Registrar, build
from entra.failure import SignInFailed
from entra.job import Crew, Job, Quarantined
from entra.mapping import named
from entra.options import Options
from entra.replay import Replay
from entra.report import Report
from entra.tokens import Wallet
from entra.transport import Channel
from entra.validator import Validator

Step = tuple[str, Callable[[], None]]


def run(options: Options) -> Report:
    """Everything `options` asks for; what goes wrong on the way stands in the report.

    Raises ValueError when the options contradict each other.
    """
    mapping = named(options.mapping, options.match, managers=options.size.managers)
    registrar = Registrar(options.size.seed)
    stems = [names.INNER_QUOTES] if options.style.has(Chaos.INNER_QUOTES) else []
    source = build(options.size, registrar, *stems)
    wallet = tokens.wallet(options.login, always=options.always_refresh)
    report = Report(notes=[f"The seed of the source is {options.size.seed}."])
    crew = Crew(options.concurrency, quiet=options.quiet)
    channel = Channel(options.tenant_url, options.style, wallet.bearer)
    with closing(channel), closing(crew):
        job = Job(source, mapping, options.style, channel, crew, report, options.member_batch)
        _play(job, wallet, Script(options, job, registrar, wallet).steps())
    return report


def _play(job: Job, wallet: Wallet, steps: Iterator[Step]) -> None:
    """Until the end, or until Entra would stop the job."""
    try:
        for job.phase, step in steps:
            started = perf_counter()
            try:
                wallet.refresh()
                step()
            finally:
                job.report.phases[job.phase] = perf_counter() - started
    except (Quarantined, SignInFailed) as stop:
        job.report.quarantine = f"In {job.phase!r}, {stop}"


@dataclass(frozen=True, slots=True)
class Script:
    """The phases in their order."""

    options: Options
    job: Job
    registrar: Registrar
    wallet: Wallet

    def steps(self) -> Iterator[Step]:
        yield "Authorize", self._sign_in
        yield "Test Connection", partial(cycle.test_connection, self.job)
        yield "Schemas", partial(discovery.discover, self.job)
        yield "Initial cycle", partial(cycle.initial, self.job)
        yield "Verify initial cycle", partial(verify.everything, self.job)
        yield from self._incremental()
        yield "On demand", self._on_demand
        yield "Unchanged cycle", self._unchanged
        yield "Restart", self._restart
        yield "Replay", Replay(self.job, self.registrar).play
        yield "Validator", Validator(self.job).play
        yield "Verify at the end", partial(verify.everything, self.job)
        if self.options.clean_up:
            yield "Clean-up", self._clean_up

    def _sign_in(self) -> None:
        if remark := self.wallet.open().remark:
            self.job.report.notes.append(remark)

    def _incremental(self) -> Iterator[Step]:
        for number in range(1, self.options.cycles + 1):
            yield f"Incremental cycle {number}", self._changes
            yield f"Verify incremental cycle {number}", partial(verify.everything, self.job)

    def _changes(self) -> None:
        happen(self.job.source, self.registrar)
        cycle.incremental(self.job)

    def _on_demand(self) -> None:
        """Always in the legacy dialect: one user with a new title; one group that is made, renamed and left by one."""
        job, source = replace(self.job, style=replace(self.job.style, dialect=Dialect.LEGACY)), self.job.source
        people = [each for each in source.people.values() if each.object_id in job.memory.users]
        if people:
            source.put_person(replace(people[0], job_title="On demand", given_name="Démand"))
            cycle.user_on_demand(job, source.people[people[0].object_id])
        if job.mapping.groups:
            members = frozenset(each.object_id for each in people[: cycle.ON_DEMAND_MEMBERS])
            group = replace(self.registrar.group(), members=members)
            fewer = replace(group, name=f"{group.name} on demand", members=frozenset(sorted(members)[1:]))
            for version in (group, fewer):
                source.put_group(version)
                cycle.group_on_demand(job, version)

    def _unchanged(self) -> None:
        cycle.look_at_everyone(self.job)
        cycle.require_silence(self.job)

    def _restart(self) -> None:
        cycle.restart(self.job)
        cycle.require_silence(self.job)

    def _clean_up(self) -> None:
        for object_id in (*self.job.source.groups, *self.job.source.people):
            self.job.source.log.append(object_id)
        self.job.source.groups.clear()
        self.job.source.people.clear()
        cycle.incremental(self.job)

"""The cycles of a job: initial, incremental, on demand; each begins with the probe (Entra "How provisioning works")."""

from collections.abc import Iterable

from entra import objects, references, wire
from entra.checks import RESENT, examine
from entra.job import Job, Memory, Quarantined
from entra.operations import Kind
from entra.people import Group, Person
from entra.references import Holds
from entra.report import Deviation
from entra.wire import Json

ON_DEMAND_MEMBERS = 5


def test_connection(job: Job) -> None:
    """A random name on each endpoint, which nobody has. Raises Quarantined: one fault here is enough for that."""
    for kind in _kinds(job):
        attribute = job.mapping.match if kind is Kind.USER else "displayName"
        exchange = job.ask(wire.probe(kind, attribute, job.style))
        if faults := list(examine(exchange)):
            raise Quarantined(f"the probe of /{kind} failed. {faults[0].wrong} ({faults[0].code})")


def _kinds(job: Job) -> Iterable[Kind]:
    return (Kind.USER, Kind.GROUP) if job.mapping.groups else (Kind.USER,)


def initial(job: Job) -> None:
    """Everyone is matched by filter."""
    _cycle(job, _everything(job), references.manager_is_found)


def restart(job: Job) -> None:
    """`resetScope: Full` throws away the id cache, the watermark and the escrow."""
    job.memory = Memory()
    initial(job)


def incremental(job: Job) -> None:
    """Who changed since the watermark, and who comes out of escrow."""
    job.memory.cycle += 1
    changed = {*job.source.changed_since(job.memory.watermark), *job.memory.due()}
    _cycle(job, sorted(changed), references.manager_is_shown)


def look_at_everyone(job: Job) -> None:
    """An incremental cycle in which each object is up for review, changed or not."""
    job.memory.cycle += 1
    _cycle(job, _everything(job), references.manager_is_shown)


def _everything(job: Job) -> list[str]:
    return [*job.source.people, *job.source.groups]


def _cycle(job: Job, object_ids: Iterable[str], holds: Holds) -> None:
    """Users, then groups, then the references between them."""
    todo, watermark = list(object_ids), job.source.watermark
    test_connection(job)
    _delete(job, [each for each in todo if each not in job.source.people and each not in job.source.groups])
    shown = _users(job, [job.source.people[each] for each in todo if each in job.source.people])
    if job.mapping.groups:
        _groups(job, [job.source.groups[each] for each in todo if each in job.source.groups])
    references.managers(job, shown, holds)
    if job.mapping.groups:
        references.members(job, job.source.groups.values())
    job.memory.watermark = watermark
    _consider_quarantine(job, len(todo))


def _delete(job: Job, object_ids: Iterable[str]) -> None:
    def leave(object_id: str) -> None:
        kind = Kind.USER if object_id in job.memory.users else Kind.GROUP
        job.attempt(object_id, lambda: objects.delete(job, kind, object_id))

    job.crew.each("Deletions", object_ids, leave)


def _users(job: Job, people: Iterable[Person]) -> dict[str, Json]:
    """The users that are in the target now, as it showed them before."""

    def provision(person: Person) -> tuple[str, Json | None]:
        return person.object_id, job.attempt(person.object_id, lambda: objects.user(job, person))

    results = job.crew.each("Users", people, provision)
    return {object_id: shown for object_id, shown in results if shown is not None}


def _groups(job: Job, groups: Iterable[Group]) -> None:
    job.crew.each("Groups", groups, lambda group: job.attempt(group.object_id, lambda: objects.group(job, group)))


def user_on_demand(job: Job, person: Person) -> None:
    """One user. Entra: "this feature flag currently doesn't work with on-demand provisioning"."""
    test_connection(job)
    shown = _users(job, [person])
    references.managers(job, shown, references.manager_is_shown)


def group_on_demand(job: Job, group: Group) -> None:
    """One group with at most five members."""
    test_connection(job)
    _groups(job, [group])
    references.members(job, [group])


def _consider_quarantine(job: Job, attempted: int) -> None:
    """Raises Quarantined. Entra "Quarantine status": the proportion counts from 5,000 failures on."""
    failed = len(job.memory.escrow)
    if failed > 40_000 or (failed >= 5_000 and failed > 0.4 * attempted):
        raise Quarantined(f"{failed} of {attempted} objects failed (EncounteredEscrowProportionThreshold).")


def require_silence(job: Job) -> None:
    """Nothing changed, so nothing may have been written: what is not shown as sent is sent for ever."""
    if count := job.report.writes(job.phase):
        wrong = f"Nothing changed in the source, yet {count} writes were needed."
        job.report.deviations.append(Deviation(job.phase, "cycle", "a whole cycle", f"{count} writes", wrong, RESENT))

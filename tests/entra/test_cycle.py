"""A job from cycle to cycle: what it remembers, what it tries again, and what it leaves alone."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from entra import cycle, discovery
from entra.dialect import Dialect, Style
from entra.directory import Registrar, Size, build
from entra.job import Crew, Escrow, Job, Memory, Quarantined
from entra.mapping import named
from entra.people import Person
from entra.report import Report
from entra.transport import Channel
from tests.entra.fake_scim import TOKEN, USER_ATTRIBUTES, FakeScim, serving_scim


@pytest.fixture
def scim() -> FakeScim:
    return FakeScim()


@pytest.fixture
def job(scim: FakeScim) -> Iterator[Job]:
    """After its initial cycle: one group, and five people who are managed by the first."""
    source = build(Size(users=5, groups=1, memberships=3, seed=2), Registrar(2))
    chief = next(iter(source.people))
    for person in list(source.people.values())[1:]:
        source.put_person(replace(person, manager=chief, enabled=True))
    mapping, style = named("full", "userName", managers=True), Style(Dialect.SCIM)
    with (
        serving_scim(scim) as tenant_url,
        closing(Channel(tenant_url, style, lambda: TOKEN)) as channel,
        closing(Crew(4, quiet=True)) as crew,
    ):
        job = Job(source, mapping, style, channel, crew, Report(), phase="Initial cycle")
        cycle.initial(job)
        assert job.report.passed, job.report.text()
        job.phase = "Cycle"
        yield job


def someone(job: Job) -> Person:
    return list(job.source.people.values())[1]


def test_nothing_is_asked_about_those_who_did_not_change(job: Job) -> None:
    cycle.incremental(job)
    assert job.report.requests("Cycle") == 2
    assert job.report.writes("Cycle") == 0


def test_one_change_is_one_read_and_one_patch(job: Job) -> None:
    job.source.put_person(replace(someone(job), job_title="Head of IT"))
    cycle.incremental(job)
    assert job.report.requests("Cycle") == 4
    assert job.report.writes("Cycle") == 1
    assert job.report.passed, job.report.text()


def test_a_user_who_vanished_from_the_target_is_an_invalid_anchor_and_matched_anew(job: Job, scim: FakeScim) -> None:
    person = someone(job)
    lost = job.memory.users[person.object_id]
    scim.remove("Users", lost)
    job.source.put_person(replace(person, job_title="Lost"))
    cycle.incremental(job)
    assert [each.code for each in job.report.deviations] == ["InvalidAnchor"]
    job.report.deviations.clear()
    cycle.incremental(job)
    assert job.report.passed, job.report.text()
    assert job.memory.users[person.object_id] not in (lost, None)


def test_what_fails_waits_twice_as_long_each_time() -> None:
    memory = Memory()
    waits = []
    for memory.cycle in (0, 1, 3, 7):
        assert list(memory.due()) in ([], ["a"])
        memory.put_in_escrow("a")
        waits.append(memory.escrow["a"].due - memory.cycle)
    assert waits == [1, 2, 4, 8]
    assert list(memory.due()) == []


def test_someone_disabled_is_not_created_until_enabled_and_then_becomes_manager(job: Job, scim: FakeScim) -> None:
    boss = replace(Registrar(9).person(), enabled=False)
    job.source.put_person(boss)
    job.source.put_person(replace(someone(job), manager=boss.object_id))
    cycle.incremental(job)
    assert len(scim.rows["Users"]) == 5
    job.source.put_person(replace(boss, enabled=True))
    cycle.incremental(job)
    shown = scim.rows["Users"][job.memory.users[someone(job).object_id]]
    manager = shown["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"]
    assert manager == {"value": job.memory.users[boss.object_id]}


def test_someone_disabled_later_stays_in_the_target(job: Job, scim: FakeScim) -> None:
    job.source.put_person(replace(someone(job), enabled=False))
    cycle.incremental(job)
    assert scim.rows["Users"][job.memory.users[someone(job).object_id]]["active"] is False
    assert len(scim.rows["Users"]) == 5


def test_a_restart_matches_everything_and_writes_nothing(job: Job) -> None:
    before = dict(job.memory.users)
    cycle.restart(job)
    assert job.memory.users == before
    assert job.report.writes("Cycle") == 0
    operations = {sample.operation for sample in job.report.samples if sample.phase == "Cycle"}
    assert {"match Users", "match Groups", "check manager", "check member"} <= operations


def test_on_demand_speaks_the_legacy_dialect(job: Job, scim: FakeScim) -> None:
    person = replace(someone(job), display_name="On demand")
    legacy = replace(job, style=replace(job.style, dialect=Dialect.LEGACY))
    cycle.user_on_demand(legacy, person)
    operation = {"op": "Replace", "path": "displayName", "value": "On demand"}
    assert [body["Operations"] for body in scim.bodies if "Operations" in body][-1] == [operation]


def test_fewer_than_five_thousand_failures_do_not_stop_the_job(job: Job) -> None:
    job.memory.escrow = {str(number): Escrow(1, 99) for number in range(4_999)}
    cycle.incremental(job)
    assert len(job.memory.escrow) == 4_999


def test_from_five_thousand_failures_on_their_proportion_counts(job: Job) -> None:
    job.memory.escrow = {str(number): Escrow(1, 99) for number in range(5_000)}
    with pytest.raises(Quarantined, match="EncounteredEscrowProportionThreshold"):
        cycle.incremental(job)


def test_a_mapped_attribute_that_no_schema_advertises_is_told(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(USER_ATTRIBUTES, "preferredLanguage")
    monkeypatch.setitem(USER_ATTRIBUTES, "name", ("givenName", "formatted"))
    discovery.discover(job)
    sentences = [each.wrong for each in job.report.deviations]
    assert sentences == [f"/Schemas does not advertise {path}." for path in ("name.familyName", "preferredLanguage")]

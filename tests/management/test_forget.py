"""Forgetting a person who has left: nothing that is kept names her any more, and what is kept of others stays whole."""

from typing import Any
from urllib.parse import quote_plus

import pytest
from django.core.management.base import CommandError

from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key
from securelogin.directory import forgetting
from securelogin.directory.managers import Appointment
from securelogin.directory.models import Change, Domain, Manager, Mention, Role, Tombstone, User
from securelogin.logbook.models import Entry, Transcript
from securelogin.signin.invitations import accept, invite
from tests.credentials import make_key
from tests.management.running import run
from tests.people import make_user
from tests.scim.conftest import Scim, connect

HER = {"displayName": "Ann Ofter", "externalId": "e-4711", "emails": [{"value": "ann.o@acme.example", "type": "work"}]}
HERS = ("ann@acme.example", "Ann Ofter", "e-4711", "ann.o@acme.example", "Maiden")


def live_and_leave(scim: Scim) -> str:
    """Let her come, change, be looked for, join a group, be refused something, and go."""
    ann = scim.user("ann@acme.example", **HER, name={"familyName": "Maiden"})
    scim.patch(f"/Users/{ann}", {"op": "replace", "path": "name.familyName", "value": "Ofter"})
    for asked in (
        'userName eq "ann@acme.example"',
        'emails.value eq "ANN.O@acme.example"',
        'displayName eq "Ann Ofter"',
    ):
        assert scim.get(f"/Users?filter={quote_plus(asked)}").status_code == 200
    scim.post("/Users", {"userName": "ANN@acme.example"})  # 409, with her name in the detail
    scim.group("Team", ann)
    assert scim.delete(f"/Users/{ann}").status_code == 204
    return ann


def kept(domain: Domain) -> str:
    """Return all that is kept of a domain, as text."""
    rows: list[Any] = [
        *Change.objects.filter(domain=domain).values(),
        *Tombstone.objects.filter(domain=domain).values(),
        *Entry.objects.filter(domain_id=domain.pk).values(),
        *Transcript.objects.filter(entry__domain_id=domain.pk).values("request", "response", "checks"),
        *domain.connections.values(),
        *domain.connections.values("keys__author_name"),
        *domain.managers.values(),
        *domain.invitations.values(),
    ]
    return str(rows).replace("%40", "@").replace("+", " ")


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("securelogin.logbook.forgetting._BATCH", 3)


@pytest.fixture
def ann(acme: Domain, umbra: Domain) -> str:
    live_and_leave(Scim(make_key(umbra)[1]))
    return live_and_leave(Scim(make_key(acme)[1]))


@pytest.mark.parametrize("by", ["userName", "userName in another case", "id"])
def test_nothing_that_is_kept_names_her_any_more(acme: Domain, umbra: Domain, ann: str, by: str) -> None:
    theirs = kept(umbra)
    assert all(name in kept(acme) for name in HERS)
    named = {"id": ann, "userName": "ann@acme.example"}.get(by, "Ann@ACME.example")
    answer = run("forget", "acme", named)
    assert answer["people"] == ann
    assert (answer["changes"], answer["tombstones"]) == ("3", "1")
    assert int(answer["logbook_lines"]) >= 6
    assert [name for name in HERS if name.lower() in kept(acme).lower()] == []
    assert kept(umbra) == theirs


def test_what_happened_is_still_told_without_her_name(acme: Domain, ann: str) -> None:
    run("forget", "acme", ann)
    created, updated, deleted = Change.objects.filter(domain=acme, subject_id=ann).order_by("id")
    assert [each.verb for each in (created, updated, deleted)] == ["create", "update", "delete"]
    assert {each.subject_label for each in (created, updated, deleted)} == {"(forgotten)"}
    assert updated.before.keys() == updated.after.keys() == {"family_name"}
    assert created.after["active"] is True
    assert created.after["user_name"] == "(forgotten)"
    assert Mention.objects.filter(domain=acme, subject_id=ann).exists()
    assert Entry.objects.filter(domain_id=acme.pk, subject_id=ann, status=201, changed=True).count() == 1


def test_what_is_kept_of_others_stays_whole(acme: Domain) -> None:
    scim = Scim(make_key(acme)[1])
    other = scim.user("annabel@acme.example", displayName="Annabel Ofter")
    assert scim.get("/Users?filter=userName+eq+%22annabel%40acme.example%22").status_code == 200
    before = [list(model.objects.order_by("pk").values()) for model in (Change, Entry)]
    gone = scim.user("ann")
    scim.delete(f"/Users/{gone}")
    run("forget", "acme", "ann")
    after = [
        list(model.objects.order_by("pk").values()[: len(rows)])
        for model, rows in zip((Change, Entry), before, strict=True)
    ]
    assert after == before
    assert scim.get(f"/Users/{other}").json()["displayName"] == "Annabel Ofter"


def test_forgetting_her_again_finds_nothing(acme: Domain, ann: str) -> None:
    run("forget", "acme", "ann@acme.example")
    again = run("forget", "acme", "ann@acme.example")
    assert (again["people"], again["changes"], again["logbook_lines"], again["tombstones"]) == ("", "0", "0", "0")
    by_id = run("forget", "acme", ann)
    assert (by_id["changes"], by_id["logbook_lines"], by_id["tombstones"]) == ("0", "0", "0")


def test_a_run_that_is_cut_off_is_finished_by_the_next(acme: Domain, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_changes: list[Change]) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(forgetting, "_clear", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run("forget", "acme", "ann@acme.example")
    assert Tombstone.objects.filter(domain=acme).exists()
    assert run("forget", "acme", "ann@acme.example")["changes"] == "3"
    assert [name for name in HERS if name.lower() in kept(acme).lower()] == []


def test_who_is_still_there_cannot_be_forgotten(acme: Domain, alice: User) -> None:
    make_key(acme)
    before = kept(acme)
    for named in ("alice@acme.example", "ALICE@acme.example", str(alice.pk)):
        with pytest.raises(CommandError, match="Delete her first, in Entra"):
            run("forget", "acme", named)
    assert kept(acme) == before


def test_a_namesake_who_came_later_is_left_alone(acme: Domain) -> None:
    scim = Scim(make_key(acme)[1])
    first = scim.user("ann", displayName="The first")
    scim.delete(f"/Users/{first}")
    second = scim.user("ann", displayName="The second")
    with pytest.raises(CommandError, match="the id of an earlier one"):
        run("forget", "acme", "ann")
    assert run("forget", "acme", first)["tombstones"] == "1"
    assert scim.get(f"/Users/{second}").json()["displayName"] == "The second"
    assert Change.objects.get(subject_id=second).after["display_name"] == "The second"


def test_the_other_domains_person_of_that_name_is_nobody_here(acme: Domain, umbra: Domain) -> None:
    scim = Scim(make_key(umbra)[1])
    gone = scim.user("ann")
    scim.delete(f"/Users/{gone}")
    before = kept(umbra)
    for named in ("ann", gone):
        answer = run("forget", "acme", named)
        assert (answer["changes"], answer["logbook_lines"], answer["tombstones"]) == ("0", "0", "0")
    assert kept(umbra) == before


def test_a_manager_who_left_is_forgotten_as_author_and_actor_too(acme: Domain) -> None:
    boss = make_user(acme, "boss@acme.example", "owner")
    key, text = generate_key(acme, KeyTerms("Entra"), Author(boss, "boss@acme.example", "192.0.2.7"))
    Change.objects.update(actor_kind="manager", actor_id=str(boss.pk), actor_label="boss@acme.example")
    assert Scim(text).delete(f"/Users/{boss.pk}").status_code == 204
    assert run("forget", "acme", str(boss.pk))["connections"] == "2"
    assert "boss" not in kept(acme)
    key.refresh_from_db()
    assert (key.author_name, key.authorship) == ("(forgotten)", "deleted")
    assert Scim(text).get("/Users").status_code == 200


def test_those_whom_she_invited_do_not_name_her(acme: Domain, ann: str) -> None:
    boss = Manager.objects.create(
        domain=acme, user=make_user(acme, "boss"), role=Role.OWNER, invited_by_name="Ann Ofter"
    )
    invite(acme, Appointment("new@acme.example", Role.ADMIN, "en", "ann@acme.example"))
    assert run("forget", "acme", "ann@acme.example")["invited"] == "2"
    boss.refresh_from_db()
    assert boss.invited_by_name == "(forgotten)"
    assert not any(name in kept(acme) for name in HERS)


def test_who_accepted_an_invitation_is_forgotten_as_who_made_her_account(acme: Domain) -> None:
    waiting = invite(acme, Appointment("ann@acme.example", Role.ADMIN, "en", "Boss")).invitation
    ann = accept(waiting, "a long and good password").user
    assert Change.objects.get(actor_kind="invitation").actor_label == "ann@acme.example"
    assert connect(acme).delete(f"/Users/{ann.pk}").status_code == 204
    run("forget", "acme", str(ann.pk))
    assert "ann@acme.example" not in kept(acme)

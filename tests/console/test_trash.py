"""The trash: what was deleted, by whom, for how long; restored with id and memberships, or deleted for good."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.test import Client

from securelogin.console import graves
from securelogin.directory.models import Change, Domain, Membership, Role, Tombstone, User
from securelogin.logbook.models import Entry
from tests.console.conftest import browser_of
from tests.console.forms import said
from tests.console.test_lists import neighbours, rows, words
from tests.people import make_user
from tests.scim.conftest import Scim, connect


@pytest.fixture
def admin(acme: Domain) -> Client:
    return browser_of(make_user(acme, "adam@acme.example", Role.ADMIN))


@pytest.fixture
def gone(scim: Scim) -> tuple[str, str]:
    """Anna and the group of her and Bob, both deleted: the group first."""
    anna, bob = scim.user("anna@acme.example"), scim.user("bob@acme.example")
    sales = scim.group("Sales", anna, bob)
    scim.delete(f"/Groups/{sales}")
    scim.delete(f"/Users/{anna}")
    # Both may have gone within one millisecond.
    Tombstone.objects.filter(pk=sales).update(deleted=F("deleted") - timedelta(milliseconds=1))
    return anna, sales


def test_what_was_deleted_stands_there_latest_first_with_who_did_it(manager: Client, gone: tuple[str, str]) -> None:
    page = manager.get("/d/acme/trash/").content.decode()
    assert rows(page) == ["anna@acme.example", "Sales"]
    assert page.count(Change.objects.filter(verb="delete")[0].actor_label) == 2


@pytest.mark.parametrize(
    "query, names",
    [
        ("kind=User", ["anna@acme.example"]),
        ("q=SAL", ["Sales"]),
        ("q=ales", []),
        ("kind=User&q=sales", []),
        ("kind=x", []),
    ],
)
def test_the_trash_is_searched(manager: Client, gone: tuple[str, str], query: str, names: list[str]) -> None:
    assert rows(manager.get(f"/d/acme/trash/?{query}").content.decode()) == names


def test_a_full_trash_has_pages(manager: Client, acme: Domain, gone: tuple[str, str]) -> None:
    kept = Tombstone.objects.get(pk=gone[0])
    more = [
        Tombstone(id=uuid4(), domain=acme, subject_type="User", label=f"p{number:03}", snapshot={}, memberships=[],
                  deleted=kept.deleted, purge_after=kept.purge_after)
        for number in range(99)
    ]  # fmt: skip
    Tombstone.objects.bulk_create(more)
    seen, page = [], manager.get("/d/acme/trash/").content.decode()
    seen += rows(page)
    while "next" in neighbours(page):
        page = manager.get("/d/acme/trash/" + neighbours(page)["next"]).content.decode()
        seen += rows(page)
    assert len(seen) == len(set(seen)) == 101
    assert len(rows(manager.get("/d/acme/trash/" + neighbours(page)["prev"]).content.decode())) == 50


def test_a_group_comes_back_with_its_id_and_members(admin: Client, scim: Scim, gone: tuple[str, str]) -> None:
    anna, sales = gone
    admin.post(f"/d/acme/trash/{anna}/restore/")
    page = words(admin.get(f"/d/acme/trash/{sales}/restore/").content)
    assert "2 memberships come back. anna@acme.example , bob@acme.example" in page.replace("example, ", "example , ")
    answer = admin.post(f"/d/acme/trash/{sales}/restore/")
    assert answer["Location"] == f"/d/acme/groups/{sales}/"
    assert "Sales is back, with the same id." in said(admin, answer)
    assert scim.get(f"/Groups/{sales}").json()["displayName"] == "Sales"
    assert {str(member) for member in Membership.objects.filter(group=sales).values_list("user", flat=True)} >= {anna}
    assert not Tombstone.objects.exists()


def test_of_a_crowd_some_are_looked_at_and_all_come_back(
    admin: Client, scim: Scim, gone: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, sales = gone
    admin.post(f"/d/acme/trash/{anna}/restore/")
    monkeypatch.setattr(graves, "_LOOKED_AT", 1)
    page = words(admin.get(f"/d/acme/trash/{sales}/restore/").content)
    assert "1 membership comes back." in page
    assert "1 more was not looked at. It comes back if its other side is still here." in page
    admin.post(f"/d/acme/trash/{sales}/restore/")
    assert len(scim.members(sales)) == 2


def test_the_journal_and_the_logbook_name_the_manager(admin: Client, acme: Domain, gone: tuple[str, str]) -> None:
    admin.post(f"/d/acme/trash/{gone[0]}/restore/")
    change = Change.objects.filter(subject_id=gone[0]).latest("id")
    assert (change.verb, change.actor_kind, change.actor_label) == ("restore", "manager", "adam@acme.example")
    line = Entry.objects.get(pk=change.request_id)
    assert (line.domain_id, line.actor_label, line.subject_id) == (acme.pk, "adam@acme.example", UUID(gone[0]))
    assert line.warnings == ["This was restored from the trash."]


def test_groups_that_are_gone_are_listed_before_and_counted_after(admin: Client, scim: Scim) -> None:
    anna = scim.user("anna@acme.example")
    sales, staff = scim.group("Sales", anna), scim.group("Staff", anna)
    scim.delete(f"/Users/{anna}")
    scim.delete(f"/Groups/{sales}")
    page = words(admin.get(f"/d/acme/trash/{anna}/restore/").content)
    assert "1 membership comes back. Staff" in page
    assert "1 membership cannot come back, since its other side is gone: Sales" in page
    after = said(admin, admin.post(f"/d/acme/trash/{anna}/restore/"))
    assert "1 membership could not come back, since its other side is gone." in after
    assert scim.members(staff) == {anna}


def test_a_name_that_is_taken_by_now_refuses_with_the_reason(admin: Client, scim: Scim, gone: tuple[str, str]) -> None:
    other = scim.user("ANNA@acme.example")
    page = admin.get(f"/d/acme/trash/{gone[0]}/restore/").content.decode()
    assert "This cannot be restored: another user has this userName by now." in page
    assert f'href="/d/acme/users/{other}/"' in page
    answer = admin.post(f"/d/acme/trash/{gone[0]}/restore/")
    assert answer.status_code == 409
    assert "another user has this userName by now" in answer.content.decode()
    assert Tombstone.objects.filter(pk=gone[0]).exists()


def test_what_is_restored_twice_is_not_there_the_second_time(admin: Client, gone: tuple[str, str]) -> None:
    assert admin.post(f"/d/acme/trash/{gone[0]}/restore/").status_code == 302
    assert admin.post(f"/d/acme/trash/{gone[0]}/restore/").status_code == 404


def test_an_owner_deletes_for_good(manager: Client, acme: Domain, gone: tuple[str, str]) -> None:
    assert "Nobody can bring it back" in manager.get(f"/d/acme/trash/{gone[0]}/purge/").content.decode()
    assert "anna@acme.example is deleted for good." in said(manager, manager.post(f"/d/acme/trash/{gone[0]}/purge/"))
    assert not Tombstone.objects.filter(pk=gone[0]).exists()
    change = Change.objects.filter(subject_id=gone[0]).latest("id")
    assert (change.verb, change.actor_kind, change.subject_label) == ("purge", "manager", "anna@acme.example")
    assert Entry.objects.get(pk=change.request_id).warnings == ["This was deleted from the trash, for good."]
    assert manager.post(f"/d/acme/trash/{gone[0]}/purge/").status_code == 404


@pytest.mark.parametrize(
    "role, restoring, purging", [(Role.ADMIN, 200, 403), (Role.CONNECTOR, 403, 403), (Role.AUDITOR, 403, 403)]
)
def test_each_role_sees_what_it_may_do(
    acme: Domain, gone: tuple[str, str], role: str, restoring: int, purging: int
) -> None:
    browser = browser_of(make_user(acme, "rob@acme.example", role))
    page = browser.get("/d/acme/trash/").content.decode()
    assert (">Restore<" in page, ">Delete for good<" in page) == (restoring == 200, purging == 200)
    timeline = browser.get(f"/d/acme/users/{gone[0]}/timeline/").content.decode()
    assert (">Restore<" in timeline) == (restoring == 200)
    assert browser.get(f"/d/acme/trash/{gone[0]}/restore/").status_code == restoring
    assert browser.get(f"/d/acme/trash/{gone[0]}/purge/").status_code == purging
    assert browser.post(f"/d/acme/trash/{gone[0]}/purge/").status_code == purging
    assert Tombstone.objects.filter(pk=gone[0]).exists()


def test_the_trash_of_another_domain_is_out_of_reach(manager: Client, umbra: Domain) -> None:
    scim = connect(umbra)
    theirs = scim.user("u@umbra.example")
    scim.delete(f"/Users/{theirs}")
    assert rows(manager.get("/d/acme/trash/").content.decode()) == []
    for act in ("restore", "purge"):
        assert manager.get(f"/d/acme/trash/{theirs}/{act}/").status_code == 404
        assert manager.post(f"/d/acme/trash/{theirs}/{act}/").status_code == 404
    assert Tombstone.objects.filter(pk=theirs).exists()
    assert not User.objects.filter(pk=theirs).exists()

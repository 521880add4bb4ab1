"""Domains, as operators see them: the list, and making, suspending, resuming and renaming one."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from oauth.models import AccessKey, Connection
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Manager, User
from securelogin.logbook.models import Entry
from tests.console.forms import fill_in, said
from tests.furniture import furnish
from tests.mailbox import link_in
from tests.people import make_user
from tests.plans import analyze, explained

PAGE = "/operator/"
NEW = {"name": "globex", "display_name": "Globex Ltd", "email": "hank@globex.example", "language": "en"}


def words(answer: object) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())  # type: ignore[attr-defined]  # a test client's answer


def of(domain: Domain, act: str = "") -> str:
    return f"{PAGE}domains/{domain.pk}/{act}"


def fail(domain: Domain, times: int, ago: timedelta = timedelta(0)) -> None:
    """Write lines of failed calls of that age."""
    for number in range(times):
        identifier = uuid7()
        earlier = identifier.int - (int(ago.total_seconds() * 1000) << 80)
        line = Entry(id=type(identifier)(int=earlier), domain_id=domain.pk, at=timezone.now() - ago)
        line.method, line.path, line.status, line.milliseconds = "GET", f"/scim/v2/Users/{number}", 404, 1
        line.save(force_insert=True)


def lines(domain: Domain) -> list[str]:
    made = Entry.objects.filter(domain_id=domain.pk, subject_type="domain").order_by("id")
    return [f"{line.actor_label}: {' '.join(line.warnings)}" for line in made]


def test_each_domain_is_listed_with_its_figures(operator: Client, acme: Domain, umbra: Domain) -> None:
    make_user(acme, "ann")
    furnish(acme)
    used, expires = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(days=30)
    Connection.objects.filter(domain=acme).update(last_used=used)
    AccessKey.objects.filter(connection__domain=acme).update(not_after=expires)
    fail(acme, 3)  # beside the one that is part of the furniture
    fail(acme, 2, ago=timedelta(hours=25))
    page = words(operator.get(PAGE))
    assert f"acme Acme Active 1 {used:%Y-%m-%d %H:%M} 4 {expires:%Y-%m-%d %H:%M}" in page
    assert "umbra Umbra Active 0 Never 0" in page
    assert "operators" not in page.partition("Next credential expires")[2].replace("Operator", "")


def test_failures_are_counted_up_to_what_is_shown(
    operator: Client, acme: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("securelogin.console.operators.listing.MOST_COUNTED", 4)
    fail(acme, 9)
    assert "more than" in words(operator.get(PAGE))


def test_a_search_finds_by_name_and_display_name(operator: Client, acme: Domain, umbra: Domain) -> None:
    Domain.objects.filter(pk=umbra.pk).update(display_name="Große Schatten")
    for asked, found in (("ACM", ["acme"]), ("schatten", ["umbra"]), ("cme", ["acme"]), ("x%", []), ("\x00", None)):
        answer = operator.get(PAGE, {"q": asked})
        names = [shown.row.name for shown in answer.context["page"].domains]
        assert names == (["acme", "umbra"] if found is None else found)


def test_every_domain_is_on_one_page(operator: Client) -> None:
    Domain.objects.bulk_create([Domain(name=f"d{number:03}", display_name="D") for number in range(120)])
    seen: list[str] = []
    after = ""
    while after or not seen:
        page = operator.get(PAGE, {"after": after}).context["page"]
        seen += [shown.row.name for shown in page.domains]
        after = page.following
    assert seen == [f"d{number:03}" for number in range(120)]


def test_the_list_costs_the_same_for_few_and_for_many(
    operator: Client, acme: Domain, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(9):
        operator.get(PAGE)
    for number in range(60):
        domain = Domain.objects.create(name=f"d{number}", display_name="D")
        make_user(domain, "ann")
    furnish(acme)
    fail(acme, 5)
    with django_assert_num_queries(9):
        operator.get(PAGE)


def test_the_failures_of_a_domain_are_found_on_their_own_index(operator: Client, acme: Domain, umbra: Domain) -> None:
    lines_of = [
        Entry(id=uuid7(), domain_id=umbra.pk, at=timezone.now(), status=200, milliseconds=1) for _ in range(3000)
    ]
    Entry.objects.bulk_create(lines_of)
    fail(acme, 5)
    analyze()
    with CaptureQueriesContext(connection) as asked:
        operator.get(PAGE)
    (counting,) = [query["sql"] for query in asked.captured_queries if "failed" in query["sql"]]
    plan = " ".join(explained(counting))
    assert "entry_failed" in plan or (connection.vendor == "sqlite" and "entry_of_note" in plan), plan


def test_a_new_domain_comes_with_its_owners_invitation(operator: Client) -> None:
    assert "is on its way to hank@globex.example" in said(operator, fill_in(operator, f"{PAGE}domains/new/", **NEW))
    assert Client().post(link_in(outbox.outbox[0]), {"password": "purple monkey dishwasher"}).status_code == 303
    owner = Manager.objects.get(domain__name="globex")
    assert (owner.role, owner.user.user_name) == ("owner", "hank@globex.example")
    assert "Operator olga@hosting.example: The domain was made" in lines(owner.domain)[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "acme"},
        {"name": "acrne"},
        {"name": "admin"},
        {"name": "operators"},
        {"name": "no name"},
        {"name": "аcme"},  # noqa: RUF001  # a Cyrillic letter
        {"email": "nobody"},
        {"display_name": " "},
        {"password": "wrong"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_half_made(
    operator: Client, acme: Domain, changes: dict[str, str]
) -> None:
    assert fill_in(operator, f"{PAGE}domains/new/", **NEW | changes).status_code == 400
    assert not Domain.objects.filter(display_name="Globex Ltd").exists()
    assert outbox.outbox == []


def test_another_owner_is_invited_when_the_last_has_gone(operator: Client, acme: Domain) -> None:
    said(operator, fill_in(operator, of(acme, "owner/"), email="new@acme.example", language="nl"))
    assert Client().post(link_in(outbox.outbox[0]), {"password": "purple monkey dishwasher"}).status_code == 303
    assert Manager.objects.get(domain=acme).role == "owner"
    again = fill_in(operator, of(acme, "owner/"), email="new@acme.example", language="nl")
    assert "manages this domain already" in again.content.decode()


def test_suspending_says_what_stops_and_resuming_goes_on(operator: Client, manager: Client, acme: Domain) -> None:
    page = words(operator.get(of(acme, "suspend/")))
    assert "its 1 user stays as it is" in page
    assert manager.get("/d/acme/").status_code == 200
    assert "acme is suspended." in said(operator, operator.post(of(acme, "suspend/")))
    assert manager.get("/d/acme/")["Location"] == "/d/acme/login"
    assert "acme goes on." in said(operator, operator.post(of(acme, "resume/")))
    assert manager.get("/d/acme/").status_code == 200
    assert [line.partition(": ")[2] for line in lines(acme)] == ["The domain was suspended.", "The domain was resumed."]


def test_every_act_is_in_the_operators_logbook_too(operator: Client, olga: User, acme: Domain) -> None:
    operator.post(of(acme, "suspend/"))
    assert lines(olga.domain) == lines(acme) == ["Operator olga@hosting.example: The domain was suspended."]


def test_a_renamed_domain_keeps_what_it_has(operator: Client, alice: User, acme: Domain) -> None:
    assert "It is called acme-uk now." in said(
        operator, fill_in(operator, of(acme, "rename/"), name="acme-uk", display_name="Acme UK")
    )
    login = {"username": alice.user_name, "password": "correct horse battery"}
    assert [Client().post(f"/d/{name}/login", login).status_code for name in ("acme", "acme-uk")] == [401, 303]


@pytest.mark.parametrize("name", ["umbra", "urnbra", "admin", "a b", "acme\x00"])
def test_a_name_that_is_taken_or_none_is_refused(operator: Client, acme: Domain, umbra: Domain, name: str) -> None:
    assert fill_in(operator, of(acme, "rename/"), name=name, display_name="Acme").status_code == 400
    acme.refresh_from_db()
    assert acme.name == "acme"


def test_only_the_display_name_may_change(operator: Client, acme: Domain) -> None:
    assert fill_in(operator, of(acme, "rename/"), name="acme", display_name="Acme & Sons").status_code == 302
    assert "Acme &amp; Sons" in operator.get(PAGE).content.decode()

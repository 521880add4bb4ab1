"""The provisioning log says in sentences what changed and what failed, between Entra's cycles, and can be narrowed."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from oauth.models import Connection
from securelogin.console.provisioning import lines
from securelogin.console.provisioning.explanations import EXPLANATIONS
from securelogin.directory.models import Domain
from securelogin.logbook.models import Cycle, Entry
from tests.oauth.walk import connect_machine
from tests.scim.conftest import ENTERPRISE, Scim, connect

LOG = "/d/acme/log/"


@pytest.fixture
def scim(acme: Domain) -> Scim:
    return connect(acme)


@pytest.fixture
def busy(scim: Scim) -> dict[str, str]:
    """A domain in which something of each kind has happened."""
    anna = scim.user("anna@acme.example", displayName="Anna de Vries", **{ENTERPRISE: {"department": "Sales"}})
    ben = scim.user("ben@acme.example")
    group = scim.group("Support", ben)
    scim.patch(f"/Users/{anna}", {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Support"})
    scim.patch(f"/Groups/{group}", {"op": "Add", "path": "members", "value": [{"value": anna}]})
    scim.patch(f"/Groups/{group}", {"op": "Remove", "path": "members", "value": [{"value": ben}]})
    scim.patch(f"/Users/{ben}", {"op": "Replace", "path": "active", "value": "False"})
    scim.delete(f"/Users/{ben}")
    assert scim.post("/Users", {"userName": "ANNA@acme.example"}).status_code == 409
    return {"anna": anna, "ben": ben, "group": group}


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return " ".join(strip_tags(answer.content.decode()).split())


def sentences(browser: Client, query: str = "") -> list[str]:
    """Return the sentences of a page, newest first."""
    rows = browser.get(f"{LOG}{query}").content.decode().split('<th scope="row"><a href="/d/acme/log/')[1:]
    return [strip_tags(row.partition(">")[2].partition("</a>")[0]) for row in rows if not row.startswith("?")]


@pytest.mark.usefixtures("busy")
def test_what_happened_is_told_in_sentences_newest_first(manager: Client) -> None:
    assert sentences(manager) == [
        "a test could not create ANNA@acme.example",
        "a test removed ben@acme.example",
        "a test disabled ben@acme.example",
        "a test changed Support",
        "a test changed Support",
        "a test changed Anna de Vries",
        "a test created Support",
        "a test created ben@acme.example",
        "a test created Anna de Vries",
    ]


@pytest.mark.usefixtures("busy")
def test_a_change_says_what_was_before_and_after_and_who_came_and_went(manager: Client) -> None:
    page = words(manager.get(LOG))
    assert "department: Sales → Support" in page
    assert "active: yes → no" in page
    assert "Joined: Anna de Vries" in page
    assert "Left: " in page


@pytest.mark.usefixtures("busy")
def test_failures_are_grouped_with_their_fix(manager: Client) -> None:
    page = words(manager.get(LOG))
    assert "Somebody here has that name already" in page
    assert "Match on userName" in page
    assert "SL-NAME-TAKEN" in page


def test_a_read_is_among_the_requests_and_not_among_the_changes(manager: Client, scim: Scim) -> None:
    scim.get("/Users?count=0")
    assert sentences(manager) == []
    assert sentences(manager, "?view=requests") == ["a test asked for something"]


@pytest.mark.parametrize(
    "query, count",
    [
        ("kind=created", 3),
        ("kind=removed", 1),
        ("result=failed", 1),
        ("result=done", 8),
        ("cause=SL-NAME-TAKEN", 1),
        ("cause=SL-BUSY", 0),
        ("period=day", 9),
        ("whom=anna", 3),
        ("whom=Anna+de", 3),
        ("whom=BEN%40acme", 5),
        ("whom=supp", 3),
        ("whom=nobody", 0),
        ("who=here", 0),
        ("kind=nonsense&period=nonsense&who=nonsense", 9),
        ("who=5f1d2c3b-1111-4222-8333-444455556666", 9),
        ("kind=changed&whom=anna&period=week&result=done", 2),
    ],
)
@pytest.mark.usefixtures("busy")
def test_the_address_says_what_is_seen(manager: Client, query: str, count: int) -> None:
    assert len(sentences(manager, f"?{query}")) == count


@pytest.mark.usefixtures("busy")
def test_who_can_be_chosen_among_the_domains_own_connections(manager: Client, umbra: Domain) -> None:
    connect(umbra).user("mallory")
    known = Entry.objects.exclude(connection_id=None).filter(subject_label="Support").first()
    assert known is not None
    assert len(sentences(manager, f"?who={known.connection_id}")) == 9
    assert "mallory" not in words(manager.get(f"{LOG}?view=requests"))


@pytest.mark.usefixtures("busy")
def test_pages_go_on_by_id_forth_and_back(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PER_PAGE", 4)
    ids = [str(pk) for pk in Entry.objects.order_by("-id").values_list("pk", flat=True)]
    first = manager.get(LOG).content.decode()
    assert f"?before={ids[3]}" in first
    assert "after=" not in first
    second = manager.get(f"{LOG}?before={ids[3]}").content.decode()
    assert all(f"/log/{one}/" in second for one in ids[4:8])
    assert f"?after={ids[4]}" in second
    assert len(sentences(manager, f"?before={ids[7]}")) == 1
    back = manager.get(f"{LOG}?after={ids[4]}").content.decode()
    assert all(f"/log/{one}/" in back for one in ids[:4])
    assert "?after=" not in back
    assert len(sentences(manager, "?before=nonsense")) == 4


@pytest.mark.usefixtures("busy")
def test_lines_stand_between_the_cycles_they_belong_to(manager: Client) -> None:
    page = words(manager.get(LOG))
    assert "Cycle " not in page  # this second's are counted when they have settled
    newest, oldest = Entry.objects.order_by("-id").first(), Entry.objects.order_by("id").first()
    assert newest is not None
    assert oldest is not None
    times = {"began": oldest.at, "ended": newest.at, "connection_id": oldest.connection_id}
    Cycle.objects.create(id=oldest.pk, domain_id=oldest.domain_id, calls=214, created=3, failed=1, **times)
    page = words(manager.get(LOG))
    assert "214 calls · 3 created, 0 changed, 0 disabled, 0 removed, 1 failed" in page
    assert page.count("214 calls") == 1


def test_an_empty_log_says_what_to_do(manager: Client) -> None:
    assert "press Test Connection in Entra" in words(manager.get(LOG))
    assert "Nothing here is like that" in words(manager.get(f"{LOG}?kind=created"))


@pytest.mark.usefixtures("busy")
def test_an_export_has_an_object_a_line(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("securelogin.console.views.log.LONGEST_EXPORT", 2)
    answer = manager.get(f"{LOG}export/?kind=created")
    told = [json.loads(line) for line in answer.getvalue().splitlines()]
    rest = manager.get(f"{LOG}export/?kind=created&before={told[-1]['id']}")
    told += [json.loads(line) for line in rest.getvalue().splitlines()]
    assert [each["outcome"] for each in told] == ["created"] * 3
    whole = manager.get(f"{LOG}export/?kind=created").getvalue()
    monkeypatch.setattr("securelogin.console.views.log._BATCH", 1)
    assert manager.get(f"{LOG}export/?kind=created").getvalue() == whole
    assert answer["Content-Type"] == "application/x-ndjson"
    assert "acme-" in answer["Content-Disposition"]


def test_a_refused_sign_in_and_a_refused_credential_are_told(manager: Client, acme: Domain) -> None:
    Client().post("/d/acme/login", {"username": "alice@acme.example", "password": "wrong"})
    scim = connect(acme, "scim:read")
    scim.post("/Users", {"userName": "x"})
    assert sentences(manager) == [
        "a test could not create somebody or something",
        "alice@acme.example was refused to sign in",
    ]


@pytest.mark.parametrize("query", ["", "?view=requests", "?kind=changed&whom=p0&period=week"])
def test_a_page_costs_the_same_for_few_and_for_many(
    manager: Client, scim: Scim, django_assert_max_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    for number in range(30):
        user = scim.user(f"p{number:02}@acme.example")
        scim.patch(f"/Users/{user}", {"op": "Replace", "path": "title", "value": "x"})
    group = scim.group("All", user)
    scim.patch(f"/Groups/{group}", {"op": "Remove", "path": "members", "value": [{"value": user}]})
    manager.get(LOG)
    with django_assert_max_num_queries(19):
        manager.get(f"{LOG}{query}")


def test_a_token_that_a_client_gives_back_is_told(manager: Client, acme: Domain) -> None:
    machine = connect_machine(acme)[1]
    token = machine.ask().json()["access_token"]
    assert machine.post("/oauth/revoke", **machine.credentials(), token=token).status_code == 200
    client = machine.application.client_id
    assert sentences(manager, "?view=requests")[:2] == [f"{client} gave a token back", f"{client} got a token"]


def test_what_managers_do_about_a_connection_is_theirs_and_not_entras(manager: Client, acme: Domain) -> None:
    scim = connect(acme)
    scim.user("ann@acme.example")
    made = Connection.objects.get()
    manager.post(f"/d/acme/connection/{made.pk}/pause/")
    assert len(sentences(manager, "?who=here")) == len(sentences(manager, f"?who={made.pk}")) == 1
    line = Entry.objects.get(path__endswith="/pause/")
    assert f'href="/d/acme/connection/{made.pk}/"' in manager.get(f"{LOG}{line.pk}/").content.decode()


def test_a_cause_that_narrows_the_list_is_said_and_kept(manager: Client, scim: Scim) -> None:
    scim.user("ann@acme.example")
    assert scim.post("/Users", {"userName": "ann@acme.example"}).status_code == 409
    answer = manager.get(f"{LOG}?cause=SL-NAME-TAKEN&period=day")
    page = answer.content.decode()
    assert f"Cause: {EXPLANATIONS['SL-NAME-TAKEN'].why} All causes" in words(answer)
    assert '<input type="hidden" name="cause" value="SL-NAME-TAKEN"' in page
    assert 'href="?period=day"' in page
    assert "Cause:" not in words(manager.get(LOG))


def test_a_member_who_is_gone_is_named_as_she_was_called(manager: Client, scim: Scim) -> None:
    anna = scim.user("anna@acme.example")
    scim.group("Support", anna)
    scim.delete(f"/Users/{anna}")
    told = words(manager.get(f"{LOG}?whom=Support"))
    assert "anna@acme.example" in told
    assert anna[:8] not in told


def test_a_refusal_names_who_could_not_be_created(manager: Client, scim: Scim) -> None:
    for body in (
        {"USERNAME": "a\x00b"},
        {"userName": {"value": 7}},
        ["userName"],
        {"displayName": "x", "password": "slak_" + "x" * 40},
    ):
        assert scim.post("/Users", body).status_code == 400
    assert scim.post("/Users", {"userName": "slak_" + "x" * 40, "externalId": "x" * 2000}).status_code == 400
    nobody = "a test could not create somebody or something"
    masked, *nobodies, strange = sentences(manager)
    assert (masked, strange) == ("a test could not create slak_…", "a test could not create a\N{SYMBOL FOR NULL}b")
    assert nobodies == [nobody] * 3
    assert manager.get(f"{LOG}{Entry.objects.latest('id').pk}/").status_code == 200

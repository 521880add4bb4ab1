"""The operators' logbook: what they and housekeeping did, and what was refused and is no domain's business."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from securelogin.console.operators import log
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Domain, User
from securelogin.logbook.models import Entry
from tests.management.running import run
from tests.scim.conftest import Scim, connect

DONE, REFUSED = "/operator/log/", "/operator/log/refused/"


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return " ".join(strip_tags(answer.content.decode()).split())


def told(browser: Client, address: str) -> list[str]:
    """Return what each line of the page says, newest first."""
    rows = re.findall(r'<th scope="row">(.*?)</th>', browser.get(address).content.decode(), re.DOTALL)
    return [" ".join(strip_tags(row.replace("<", " <")).split()) for row in rows]


def refuse(times: int) -> list[str]:
    """Write lines of calls without a token, a second apart; return their ids, newest first."""
    now = timezone.now()
    moments = [now - timedelta(seconds=number) for number in range(times)]
    lines = [
        Entry(id=earliest_id(at), at=at, method="GET", path=f"/scim/v2/Users/{n}", status=401, milliseconds=1)
        for n, at in enumerate(moments)
    ]
    return [str(line.pk) for line in Entry.objects.bulk_create(lines)]


def test_what_operators_did_is_told_newest_first(operator: Client, olga: User, acme: Domain) -> None:
    operator.post(f"/operator/domains/{acme.pk}/suspend/")
    operator.post(f"/operator/domains/{acme.pk}/resume/")
    whose = f"Operator {olga.user_name} managed acme The domain was"
    assert told(operator, DONE) == [
        f"{whose} resumed. POST /operator/domains/{acme.pk}/resume/",
        f"{whose} suspended. POST /operator/domains/{acme.pk}/suspend/",
    ]
    assert told(operator, REFUSED) == []


@pytest.mark.usefixtures("olga")
def test_housekeeping_is_told_too(operator: Client) -> None:
    run("housekeeping")
    assert told(operator, DONE) == ["Housekeeping ran There was nothing to do. manage.py housekeeping"]


def test_what_is_refused_and_no_domains_business_is_told(operator: Client, olga: User) -> None:
    Scim(None).get("/Users")
    Client().post("/d/operators/login", {"username": olga.user_name, "password": "wrong"})
    Client().post("/d/nowhere/login", {"username": "typed into the wrong field", "password": "wrong"})
    form = "grant_type=client_credentials&client_id=<b>stranger</b>&client_secret=x"
    Client().post("/oauth/token", form, content_type="application/x-www-form-urlencoded")
    unknown, nowhere, own, scim = told(operator, REFUSED)
    assert "&lt;b&gt;stranger&lt;/b&gt; was refused a token" in unknown
    assert nowhere.startswith("Somebody was refused to sign in")
    assert nowhere.endswith("POST /d/nowhere/login")
    assert own.startswith(f"{olga.user_name} was refused to sign in A sign-in from ")
    assert scim.startswith("Somebody was refused for its credential")
    assert "wrong field" not in operator.get(REFUSED).content.decode()


def test_what_is_a_domains_business_is_not_shown(operator: Client, acme: Domain, alice: User) -> None:
    scim = connect(acme, "scim:read")
    scim.post("/Users", {"userName": "anna@acme.example"})
    Client().post("/d/acme/login", {"username": alice.user_name, "password": "wrong"})
    line = Entry.objects.filter(domain_id=acme.pk).latest("id")
    assert line.status == 401
    for address in (DONE, REFUSED):
        assert told(operator, address) == []
        assert told(operator, f"{address}?q={line.pk}") == []
        assert told(operator, f"{address}?q=acme") == []


def test_the_question_of_a_stranger_is_not_shown(operator: Client) -> None:
    """A filter names somebody of a domain, and whoever runs the installation has no business with her."""
    Scim("slak_over").get('/Users?filter=userName eq "anna@acme.example"')
    assert "anna" in Entry.objects.get().query
    assert len(told(operator, REFUSED)) == 1
    assert "anna" not in operator.get(REFUSED).content.decode()
    assert told(operator, f"{REFUSED}?q=anna") == []


@pytest.mark.parametrize(
    "query, count",
    [("umbra", 1), ("UMBRA", 1), ("OLGA@", 2), ("was suspended", 2), ("/suspend/", 2), ("resumed", 0), ("%", 0)],
)
def test_a_line_is_found_by_what_it_holds(
    operator: Client, acme: Domain, umbra: Domain, query: str, count: int
) -> None:
    for domain in (acme, umbra):
        operator.post(f"/operator/domains/{domain.pk}/suspend/")
    assert len(told(operator, f"{DONE}?q={query}")) == count
    page = words(operator.get(f"{DONE}?q={query}"))
    assert ("No line holds that." in page) == (count == 0)


def test_a_line_is_found_by_the_id_that_its_answer_had(operator: Client) -> None:
    refuse(3)
    request_id = Scim(None).get("/Groups")["X-Request-Id"]
    (found,) = told(operator, f"{REFUSED}?q={request_id}")
    assert found.endswith("GET /scim/v2/Groups")
    assert told(operator, f"{DONE}?q={request_id}") == []


def test_words_are_looked_for_among_the_latest_alone(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(5)
    assert len(told(operator, f"{REFUSED}?q=/scim/v2/Users/")) == 5
    monkeypatch.setattr(log, "MOST_SEARCHED", 3)
    assert [line[-1] for line in told(operator, f"{REFUSED}?q=/scim/v2/Users/")] == ["0", "1", "2"]
    assert "one of the latest 3 lines" in words(operator.get(REFUSED))


def test_pages_go_on_by_id_forth_and_back(operator: Client) -> None:
    ids = refuse(120)
    first = operator.get(REFUSED).content.decode()
    assert f"?after={ids[49]}" in first
    assert "before=" not in first
    assert [line.rpartition("/")[2] for line in told(operator, REFUSED)] == [str(n) for n in range(50)]
    second = operator.get(f"{REFUSED}?after={ids[49]}").content.decode()
    assert f"?after={ids[99]}" in second
    assert f"?before={ids[50]}" in second
    assert [line.rpartition("/")[2] for line in told(operator, f"{REFUSED}?before={ids[50]}")] == [
        str(n) for n in range(50)
    ]
    assert len(told(operator, f"{REFUSED}?after={ids[99]}")) == 20
    assert len(told(operator, f"{REFUSED}?after=nonsense")) == 50
    assert "There is no more." in words(operator.get(f"{REFUSED}?after={ids[119]}"))


def test_an_empty_logbook_says_what_will_stand_there(operator: Client) -> None:
    assert "once an operator changes something" in words(operator.get(DONE))
    assert "Nothing was refused." in words(operator.get(REFUSED))


def test_a_search_that_makes_no_sense_finds_nothing(operator: Client) -> None:
    refuse(1)
    assert "makes no sense, so nothing is shown" in words(operator.get(REFUSED, {"q": "x" * 201}))


def test_how_long_lines_are_kept_is_said(operator: Client) -> None:
    assert "kept for 90 days" in words(operator.get(DONE))
    assert "kept for 7 days" in words(operator.get(REFUSED))


@pytest.mark.parametrize("query", ["", "?q=scim"])
def test_a_page_costs_the_same_for_few_and_for_many(
    operator: Client, django_assert_max_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    refuse(60)
    with django_assert_max_num_queries(5):
        operator.get(f"{REFUSED}{query}")

"""Each line of the log has a page: what was sent and answered, its checks, why it failed and how to fix it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from securelogin.console.provisioning.explanations import EXPLANATIONS, explain
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry
from tests.console.test_log import words
from tests.docs.test_scim_page import listed
from tests.oauth.workload import Workload
from tests.scim.conftest import Scim, connect


@pytest.fixture
def scim(acme: Domain) -> Scim:
    return connect(acme)


def newest(**of: Any) -> Entry:
    found = Entry.objects.filter(**of).order_by("-id").first()
    assert found is not None
    return found


def open_newest(browser: Client, **of: Any) -> str:
    return words(browser.get(f"/d/acme/log/{newest(**of).pk}/"))


def test_a_change_is_taken_apart(manager: Client, scim: Scim) -> None:
    user = scim.user("anna@acme.example", phoneNumbers=[{"type": "mobile", "value": "1"}])
    operations = [
        {"op": "Add", "path": "title", "value": "Engineer"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "2"},
    ]
    scim.patch(f"/Users/{user}", *operations, **{"User-Agent": "Entra"})
    page = open_newest(manager, method="PATCH")
    assert "job title \N{EN DASH} Engineer" in page
    assert "phone (mobile) 1 2" in page
    assert f"PATCH /scim/v2/Users/{user}" in page
    assert "&quot;value&quot;: &quot;Engineer&quot;" in page
    assert "&quot;userName&quot;: &quot;anna@acme.example&quot;" in page
    assert "Access key: a test" in page
    assert "Why and how to fix it" not in page


def test_a_refusal_says_why_and_how_to_fix_it(manager: Client, scim: Scim) -> None:
    scim.user("anna@acme.example")
    scim.post("/Users", {"userName": "anna@acme.example", "password": "hunter2"})
    page = open_newest(manager, status=409)
    assert "Somebody here has that name already" in page
    assert "Match on userName" in page
    assert "EntryConflict" in page
    assert "already exists (id" in page
    assert "hunter2" not in page


@pytest.mark.parametrize(
    "body, data",
    [
        ({"userName": "o'neil"}, """--data-raw '{"userName":"o'"'"'neil"}'"""),
        ({"userName": "ann", "password": "hunter2"}, "--data @body.json"),
        ({"userName": "ann", "entitlements": [{"value": str(one)} for one in range(1000)]}, "--data @body.json"),
        (None, ""),
    ],
)
def test_a_request_can_be_copied_as_a_command_without_its_token(
    manager: Client, scim: Scim, body: Any, data: str
) -> None:
    scim.post("/Users", body) if body else scim.get("/Users?filter=nonsense")
    page = unescape(manager.get(f"/d/acme/log/{newest().pk}/").content.decode())
    command = re.search(r'id="curl" value="(curl .*?)" readonly', page)
    assert command is not None
    assert '"Authorization: Bearer $TOKEN"' in command[1]
    assert command[1].endswith(data)
    assert " --globoff " in command[1]
    assert "slak_" not in page


def test_the_checks_of_a_call_end_where_it_was_stopped(manager: Client, acme: Domain) -> None:
    connect(acme, "scim:read").post("/Users", {"userName": "x"})
    page = open_newest(manager, error_id="SL-SCOPE")
    assert "Credential Right" in page
    assert "Scope Wrong One that allows this method This credential may not do that" in page


def test_an_assertion_is_shown_check_by_check(manager: Client, workload: Workload) -> None:
    workload.ask("nonsense")
    page = open_newest(manager, path="/oauth/token")
    assert "It is a signed token Wrong" in re.sub(r"The assertion is not a signed JWT of the usual size. ", "", page)
    assert "The client" in page
    workload.ask()
    assert "Issuer Right" in open_newest(manager, path="/oauth/token")
    assert "sloat_" not in open_newest(manager, path="/oauth/token")


def test_another_domains_line_is_not_there(manager: Client, umbra: Domain) -> None:
    connect(umbra).user("mallory")
    assert manager.get(f"/d/acme/log/{newest().pk}/").status_code == 404
    assert manager.get(f"/d/acme/log/{uuid7()}/").status_code == 404


def test_every_error_id_is_explained() -> None:
    assert {error_id for error_id in EXPLANATIONS if error_id.startswith("SL-")} == set(listed())
    assert explain("from an older release").why


def test_what_entra_calls_it_is_one_of_its_own_words() -> None:
    codes = {explanation.code for explanation in EXPLANATIONS.values()}
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+|", code) for code in codes)


def test_the_page_of_a_line_costs_a_constant_number_of_statements(
    manager: Client, scim: Scim, django_assert_max_num_queries: Any
) -> None:
    people = [scim.user(f"p{number}") for number in range(30)]
    scim.group("All", *people)
    with django_assert_max_num_queries(11):
        assert "Joined: p0, p1" in open_newest(manager, outcome="created")

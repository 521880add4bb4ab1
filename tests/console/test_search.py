"""Users and groups are found by how a name begins and by filters, all of it in the address; and go out as a file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from securelogin.console import finding
from securelogin.console.export import harmless
from securelogin.directory.models import Change, Domain
from tests.console.test_lists import rows
from tests.scim.conftest import Scim, connect

ANNA = {
    "displayName": "Anna de Vries",
    "name": {"givenName": "Anna", "familyName": "de Vries"},
    "emails": [{"value": "a.devries@post.example", "type": "work"}],
    "externalId": "E-4711",
}


@pytest.fixture
def anna(acme: Domain, umbra: Domain) -> str:
    scim = connect(acme)
    scim.user("bob@acme.example", displayName="Bob", active=False)
    connect(umbra).user("adv@umbra.example", **ANNA)
    return scim.user("adv@acme.example", **ANNA)


def found(browser: Client, query: str, page: str = "users") -> list[str]:
    answer = browser.get(f"/d/acme/{page}/?{query}")
    assert answer.status_code == 200
    return rows(answer.content.decode())


@pytest.mark.parametrize("words", ["anna d", "ANNA", "de vri", "adv@", "A.DeVries@post", "E-4711", "+adv@acme+"])
def test_somebody_is_found_by_how_her_names_begin(manager: Client, anna: str, words: str) -> None:
    assert found(manager, f"q={words}") == ["Anna de Vries"]


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize(
    "query", ["q=anna", "q=de vri", "q=a.devries", "q=E-4711", "changed=3600", "q=a&changed=3600&status=active"]
)
def test_many_are_found_as_few_are(
    manager: Client, anna: str, monkeypatch: pytest.MonkeyPatch, query: str, few: int
) -> None:
    monkeypatch.setattr(finding, "_FEW", few)
    assert found(manager, query)[0] == "Anna de Vries"
    assert "Bob" not in found(manager, query) or query == "changed=3600"


@pytest.mark.parametrize("few", [0, 1_000])
def test_members_are_found_among_many_as_among_few(
    manager: Client, acme: Domain, anna: str, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(finding, "_FEW", few)
    group = connect(acme).group("Sales", anna)
    for words in ("anna", "adv@", "a.devries", "E-4711"):
        assert found(manager, f"q={words}", f"groups/{group}") == ["Anna de Vries"]
    assert found(manager, "q=bob", f"groups/{group}") == []


@pytest.mark.parametrize("words", ["vries", "e-4711", "E-471", "nobody", "%25", "_", "post.example"])
def test_what_does_not_begin_so_is_not_found_and_the_trash_is_named(manager: Client, anna: str, words: str) -> None:
    page = manager.get(f"/d/acme/users/?q={words}").content.decode()
    assert rows(page) == []
    assert 'href="/d/acme/trash/?' in page


def test_what_is_searched_is_said(manager: Client) -> None:
    page = manager.get("/d/acme/users/").content.decode()
    assert "Searched is how a name, family name, userName or mail address begins" in page
    assert "Why can&#x27;t I add someone here?" in page or "Why can't I add someone here?" in page


@pytest.mark.parametrize(
    "query, names",
    [
        ("status=active", ["Anna de Vries", "alice@acme.example"]),
        ("status=disabled", ["Bob"]),
        ("status=unassigned", []),
        ("status=disabled&q=anna", []),
        ("changed=3600&q=anna", ["Anna de Vries"]),
        ("status=nonsense", []),
        ("changed=12", []),
    ],
)
def test_filters_narrow_the_list_together(manager: Client, anna: str, query: str, names: list[str]) -> None:
    assert found(manager, query) == names


def test_who_was_not_changed_lately_is_left_out(manager: Client, anna: str) -> None:
    Change.objects.all().delete()
    assert found(manager, "changed=2592000") == []


def test_a_group_narrows_the_list_to_its_members(manager: Client, scim: Scim, anna: str, umbra: Domain) -> None:
    sales = scim.group("Sales", anna)
    assert found(manager, f"group={sales}") == ["Anna de Vries"]
    theirs = connect(umbra).group("Sales")
    assert manager.get(f"/d/acme/users/?group={theirs}").status_code == 404


def test_turning_pages_and_exporting_keep_what_was_asked(manager: Client, scim: Scim) -> None:
    for number in range(52):
        scim.user(f"p{number:02}@acme.example")
    page = manager.get("/d/acme/users/?q=p&status=active").content.decode()
    assert "?q=p&amp;status=active&amp;after=p49%40acme.example" in page
    assert "?q=p&amp;status=active&amp;format=csv" in page


def test_groups_are_found_by_how_they_begin(manager: Client, scim: Scim) -> None:
    scim.group("Sales")
    scim.group("Support")
    assert found(manager, "q=sa", "groups") == ["Sales"]
    assert found(manager, "q=ales", "groups") == []


def exported(browser: Client, query: str = "") -> list[dict[str, str]]:
    answer: Any = browser.get(f"/d/acme/users/?format=csv&{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="acme-users.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_everybody_who_is_on_the_list(
    manager: Client, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("securelogin.console.export._BATCH", 2)
    assert [row["userName"] for row in exported(manager)] == [
        "adv@acme.example", "alice@acme.example", "bob@acme.example"
    ]  # fmt: skip
    (row,) = exported(manager, "q=anna")
    shown = (row["id"], row["externalId"], row["emails"], row["active"], row["name.familyName"])
    assert shown == (anna, "E-4711", "a.devries@post.example", "true", "de Vries")


def test_no_cell_of_the_file_is_a_formula(manager: Client, scim: Scim) -> None:
    scim.user("=cmd|' /C calc'!A0", displayName="+31 6 12345678", externalId="-2", name={"givenName": "@SUM(1)"})
    (row,) = exported(manager, "q==cmd")
    cells = [row[name] for name in ("userName", "displayName", "externalId", "name.givenName")]
    assert cells == ["'=cmd|' /C calc'!A0", "'+31 6 12345678", "'-2", "'@SUM(1)"]
    assert [harmless(text) for text in ("\t=1", "\r=1", "a=1", "")] == ["'\t=1", "'\r=1", "a=1", ""]


def test_of_what_makes_no_sense_no_file_is_made(manager: Client, anna: str) -> None:
    answer = manager.get("/d/acme/users/?format=csv&status=nonsense")
    assert answer["Content-Type"].startswith("text/html")
    assert "makes no sense" in answer.content.decode()

"""The timeline: what became what, when and by whom; who joined and left; after a deletion too."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from securelogin.directory.models import Change, Domain
from tests.console.test_lists import neighbours
from tests.scim.conftest import ENTERPRISE, Scim, connect


def told(browser: Client, address: str) -> list[str]:
    """Return what each entry of a timeline says, newest first, without its date."""
    page = browser.get(address).content.decode()
    entries = re.findall(r"<li>\s*<div class=\"heading-row\">.*?</li>", page, re.DOTALL)
    plain = (" ".join(re.sub("<[^>]+>", " ", re.sub("<time.*?</time>", "", entry)).split()) for entry in entries)
    return [re.sub(r" UTC · a test(?: · Request)?", "", entry) for entry in plain]


@pytest.fixture
def anna(scim: Scim) -> str:
    return scim.user("anna@acme.example", displayName="Anna", **{ENTERPRISE: {"department": "Sales"}})


def test_each_change_stands_there_with_before_and_after(manager: Client, scim: Scim, anna: str) -> None:
    path = f"{ENTERPRISE}:department"
    scim.patch(f"/Users/{anna}", {"op": "replace", "path": path, "value": "Support"})
    scim.patch(f"/Users/{anna}", {"op": "replace", "path": "active", "value": False})
    scim.patch(f"/Users/{anna}", {"op": "replace", "path": "active", "value": True})
    scim.patch(f"/Users/{anna}", {"op": "add", "path": "title", "value": "Chief"})
    entries = told(manager, f"/d/acme/users/{anna}/timeline/")
    assert entries[0].startswith("Changed")
    assert "title before: nothing → now: Chief" in entries[0]
    assert entries[1].startswith("Enabled")
    assert entries[2].startswith("Disabled")
    assert "active before: true → now: false" in entries[2]
    assert "department before: Sales → now: Support" in entries[3]
    assert entries[4].startswith("Created")
    assert "displayName Anna" in entries[4]


def test_joining_and_leaving_stand_on_both_sides(manager: Client, scim: Scim, anna: str) -> None:
    sales = scim.group("Sales", anna)
    scim.patch(f"/Groups/{sales}", {"op": "remove", "path": f'members[value eq "{anna}"]'})
    hers = told(manager, f"/d/acme/users/{anna}/timeline/")
    assert [
        entry.startswith(words) for entry, words in zip(hers, ("Left Sales", "Joined Sales", "Created"), strict=True)
    ]
    its = told(manager, f"/d/acme/groups/{sales}/timeline/")
    assert its[0].startswith("Members changed")
    assert its[0].endswith("Left: Anna")
    assert its[1].startswith("Created")
    assert its[1].endswith("Joined: Anna")


def test_what_became_of_the_other_side_is_told(manager: Client, scim: Scim, anna: str) -> None:
    bob = scim.user("bob@acme.example")
    sales = scim.group("Sales", anna, bob)
    scim.delete(f"/Users/{bob}")
    manager.post(f"/d/acme/trash/{bob}/restore/")
    assert [entry.split(" UTC")[0] for entry in told(manager, f"/d/acme/groups/{sales}/timeline/")[:2]] == [
        "bob@acme.example is back, being restored",
        "bob@acme.example left, being deleted",
    ]
    scim.delete(f"/Groups/{sales}")
    assert told(manager, f"/d/acme/users/{anna}/timeline/")[0].startswith("Left Sales, as that was deleted")


def test_of_many_members_some_are_named(manager: Client, scim: Scim) -> None:
    sales = scim.group("Sales", *(scim.user(f"p{number:02}@acme.example") for number in range(13)))
    (entry,) = told(manager, f"/d/acme/groups/{sales}/timeline/")
    assert "p09@acme.example and 3 others" in entry


def test_after_a_deletion_the_timeline_is_left_and_says_who_did_it(manager: Client, scim: Scim, anna: str) -> None:
    scim.delete(f"/Users/{anna}")
    answer = manager.get(f"/d/acme/users/{anna}/")
    assert answer["Location"] == f"/d/acme/users/{anna}/timeline/"
    page = manager.get(answer["Location"]).content.decode()
    assert "anna@acme.example" in page
    assert f'href="/d/acme/trash/{anna}/restore/"' in page
    assert told(manager, answer["Location"])[0].startswith("Deleted")
    connection = Change.objects.filter(subject_id=anna).latest("id")
    assert connection.actor_label in page
    manager.post(f"/d/acme/trash/{anna}/purge/")
    page = manager.get(answer["Location"]).content.decode()
    assert "This is deleted for good." in page
    assert told(manager, answer["Location"])[0].startswith("Deleted from the trash, for good")


def test_an_entry_leads_to_its_request_while_the_log_keeps_its_line(manager: Client, anna: str) -> None:
    change = Change.objects.get(subject_id=anna)
    link = f'href="/d/acme/log/{change.request_id}/"'
    assert link in manager.get(f"/d/acme/users/{anna}/timeline/").content.decode()
    Change.objects.update(at=change.at - timedelta(days=settings.LOGBOOK_DAYS))
    assert link not in manager.get(f"/d/acme/users/{anna}/timeline/").content.decode()


def test_the_neighbours_timeline_is_not_there(manager: Client, umbra: Domain) -> None:
    scim = connect(umbra)
    theirs = scim.user("u@umbra.example")
    group = scim.group("Theirs", theirs)
    scim.delete(f"/Users/{theirs}")
    scim.delete(f"/Groups/{group}")
    for address in (f"users/{theirs}/", f"users/{theirs}/timeline/", f"groups/{group}/", f"groups/{group}/timeline/"):
        assert manager.get(f"/d/acme/{address}").status_code == 404


def test_a_long_timeline_has_pages_at_a_constant_cost(
    manager: Client, scim: Scim, anna: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/d/acme/users/{anna}/timeline/"
    with django_assert_num_queries(8):
        manager.get(address)
    for number in range(30):
        scim.patch(f"/Users/{anna}", {"op": "replace", "path": "title", "value": f"T{number}"})
        scim.group(f"Group {number:02}", anna)
    with django_assert_num_queries(8):
        first = manager.get(address).content.decode()
    second = manager.get(address + neighbours(first)["next"]).content.decode()
    assert (first.count("<li>\n      <div"), second.count("<li>\n      <div")) == (50, 11)
    assert manager.get(address + neighbours(second)["prev"]).content.decode().count("<li>\n      <div") == 50

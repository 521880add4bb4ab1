"""Home says in one sentence how the sync is, what wants attention, what is to be set up, and what changed lately."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from oauth.connections import pause
from oauth.keys import KeyTerms, generate_key, revoke_key, rotate_key
from oauth.models import AccessKey
from securelogin.directory.guard import reject, release
from securelogin.directory.ids import earliest_id
from securelogin.directory.models import Domain
from securelogin.logbook.models import Cycle, Entry
from tests.console.guarded import hold
from tests.console.test_log import words
from tests.credentials import AUTHOR, make_key
from tests.scim.conftest import Scim, connect

HOME = "/d/acme/"


def cycle(domain: Domain, minutes_ago: float, **of: Any) -> Cycle:
    began = timezone.now() - timedelta(minutes=minutes_ago)
    values = {"calls": 10, "probes": 1, "connection_id": uuid4(), **of}
    values |= {"began": began, "ended": began + timedelta(seconds=30)}
    return Cycle.objects.create(id=earliest_id(began), domain_id=domain.pk, **values)


def test_before_the_first_call_it_says_what_to_do(manager: Client) -> None:
    page = words(manager.get(HOME))
    assert "Entra has not called yet." in page
    assert "To do Connect the domain" in page
    assert "To do Press Test Connection in Entra" in page


def test_the_steps_tick_themselves_and_go(manager: Client, acme: Domain) -> None:
    scim = connect(acme)
    assert "Done Connect the domain" in words(manager.get(HOME))
    scim.get(f"/Users?filter=userName+eq+%22{uuid4()}%22")
    assert "Done Press Test Connection in Entra" in words(manager.get(HOME))
    scim.user("ann")
    page = words(manager.get(HOME))
    assert "Done The first user arrives" in page
    assert "To do The first cycle comes to its end" in page
    Entry.objects.all().delete()
    cycle(acme, 30, created=1)
    assert "Set up" not in words(manager.get(HOME))


@pytest.mark.parametrize(
    "minutes, of, said",
    [
        (1, {"changed": 3}, "Syncing Entra is syncing now: 10 calls, 3 updated, 0 failed."),
        (12.5, {"changed": 2, "created": 1}, "Healthy Entra last synced 12 minutes ago: 3 updated, 0 failed. Next"),
        (12.5, {"failed": 2}, "With failures Entra last synced 12 minutes ago: 0 updated, 2 failed. Next"),
        (60 * 5 + 1, {}, "Silent Entra last synced 5 hours ago: 0 updated, 0 failed."),
    ],
)  # fmt: skip
def test_one_sentence_says_how_it_is(manager: Client, acme: Domain, minutes: float, of: Any, said: str) -> None:
    cycle(acme, minutes, **of)
    assert said in words(manager.get(HOME))


def test_the_neighbours_cycles_are_not_ours(manager: Client, umbra: Domain) -> None:
    cycle(umbra, 12, changed=3)
    connect(umbra).user("mallory2")
    page = words(manager.get(HOME))
    assert "Entra has not called yet." in page
    assert "mallory2" not in page


@pytest.mark.parametrize(
    "of, said",
    [
        ({"failed": 10, "refused": 10}, "Urgent Entra's credential is refused."),
        (
            {"failed": 6_000, "changed": 4_000},
            "Urgent 6000 failed in the last cycle, 60 % of what Entra tried: that",
        ),
        (
            {"failed": 600, "changed": 400},
            "Attention 600 failed in the last cycle, 60 % of what Entra tried. From 5000 on",
        ),
    ],
)
def test_quarantine_is_foretold(manager: Client, acme: Domain, of: Any, said: str) -> None:
    cycle(acme, 12, **of)
    assert said in words(manager.get(HOME)).replace("&#x27;", "'")


def test_what_wants_attention_is_listed_with_where_to_go(manager: Client, acme: Domain) -> None:
    scim = connect(acme)
    for _ in range(2):
        scim.post("/Users", {"userName": ""})
    key = AccessKey.objects.get()
    AccessKey.objects.update(not_after=timezone.now() + timedelta(days=20, hours=1))
    pause(key.connection, "Alice")
    answer = manager.get(HOME)
    page = words(answer)
    assert "a test: Expires in 20 days" in page
    assert "a test is paused." in page
    assert "is missing: often a person in Entra without it. 2 times in the last 24 hours." in page
    assert f"/d/acme/connection/{key.connection_id}/" in answer.content.decode()


def test_a_key_that_was_replaced_is_urgent_while_entra_uses_it(manager: Client, acme: Domain) -> None:
    old, _text = make_key(acme)
    new, _text = rotate_key(old, AUTHOR)
    said = "Urgent The key or secret of a test has been replaced, but Entra still uses the old one. Enter the new one"
    assert said not in words(manager.get(HOME))
    AccessKey.objects.filter(pk=old.pk).update(created=timezone.now() - timedelta(hours=4), last_used=timezone.now())
    AccessKey.objects.filter(pk=new.pk).update(created=timezone.now() - timedelta(hours=3))
    assert f"{said} in Entra. Expires in 0 days" in words(manager.get(HOME))
    newest, _text = rotate_key(new, AUTHOR)  # since nobody has kept the one before
    AccessKey.objects.filter(pk=newest.pk).update(last_used=timezone.now())
    assert said not in words(manager.get(HOME))


def test_what_the_deletion_guard_holds_is_urgent_until_it_is_rejected(
    manager: Client, neighbour: Client, acme: Domain
) -> None:
    hold(acme, 3)
    answer, sentence = manager.get(HOME), "The deletion guard holds removals (users 3, groups 1): nothing has happened"
    assert f"Urgent {sentence}" in words(answer)
    assert '<a href="/d/acme/guard/">The deletion guard holds' in answer.content.decode()
    reject(acme, "Alice")
    assert f"Attention {sentence}" in words(manager.get(HOME))
    release(acme, "Alice")
    assert sentence not in words(manager.get(HOME))
    assert "deletion guard holds" not in words(neighbour.get("/d/umbra/"))


def test_silence_is_urgent(manager: Client, acme: Domain) -> None:
    cycle(acme, 60 * 5)
    assert "Urgent Entra has been silent" in words(manager.get(HOME))


def test_a_connection_that_is_over_wants_no_attention(manager: Client, acme: Domain) -> None:
    key, _text = make_key(acme)
    AccessKey.objects.update(not_after=timezone.now() + timedelta(days=20))
    revoke_key(key, "Alice")
    assert "Expires in" not in words(manager.get(HOME))


def test_changes_of_a_fortnight_are_a_chart_and_a_table(manager: Client, acme: Domain) -> None:
    cycle(acme, 0, created=3, changed=1)
    cycle(acme, 60 * 24 * 3, changed=2)
    cycle(acme, 60 * 24 * 30, changed=99)
    page = manager.get(HOME).content.decode()
    assert page.count("<rect ") == 14
    assert 'height="100"' in page
    assert 'height="50"' in page
    assert '<td class="number">3</td><td class="number">1</td>' in page
    today = date_format(timezone.now(), "SHORT_DATE_FORMAT")
    assert f"<title>{today}: 4</title>" in page
    assert f">{today}</time></p>" in page
    assert "99" not in page


def test_the_latest_changes_stand_there_as_sentences(manager: Client, acme: Domain) -> None:
    scim = connect(acme)
    for number in range(12):
        scim.user(f"p{number}")
    page = words(manager.get(HOME))
    assert "a test created p11" in page
    assert "a test created p2" in page
    assert "a test created p1 " not in page


def test_home_costs_the_same_for_few_and_for_many(
    manager: Client, acme: Domain, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def live(number: int) -> None:
        scim = connect(acme)
        user = scim.user(f"p{number}")
        scim.group(f"g{number}", user)
        scim.post("/Users", {"userName": ""})
        cycle(acme, 30 + number)

    live(0)
    manager.get(HOME)
    for number in range(1, 15):
        live(number)
    with django_assert_max_num_queries(25):
        manager.get(HOME)


def test_the_page_of_a_connection_waits_for_the_test_call_and_turns_green(manager: Client, acme: Domain) -> None:
    key, text = make_key(acme)
    address = f"/d/acme/connection/{key.connection_id}/"
    assert "Waiting Entra has not tested" in words(manager.get(address))
    assert 'content="3; url=?watch=99#test"' in manager.get(f"{address}?watch=100").content.decode()
    assert 'hx-get="?watch=99"' in manager.get(f"{address}?watch=100").content.decode()
    for asked in ("", "?watch=0", "?watch=nonsense", "?watch=-5"):
        assert "http-equiv" not in manager.get(f"{address}{asked}").content.decode()
    Scim(text).get(f"/Users?filter=userName+eq+%22{uuid4()}%22")
    answer = manager.get(f"{address}?watch=100")
    assert "Seen and answered" in words(answer)
    assert "http-equiv" not in answer.content.decode()


def test_a_connection_that_is_silent_or_refused_does_not_hide_behind_another(manager: Client, acme: Domain) -> None:
    keys = {name: generate_key(acme, KeyTerms(name), AUTHOR)[0].connection_id for name in ("Well", "Quiet", "Wrong")}
    cycle(acme, 12, connection_id=keys["Well"], changed=3)
    cycle(acme, 60 * 5, connection_id=keys["Quiet"], changed=3)
    cycle(acme, 13, connection_id=keys["Wrong"], failed=10, refused=10)
    answer = manager.get(HOME)
    page = unescape(words(answer))
    assert "Healthy Entra last synced 12 minutes ago" in page
    assert "Urgent Quiet: Entra has been silent" in page
    assert "Urgent Wrong: Entra's credential is refused." in page
    assert "Well:" not in page
    assert f"/d/acme/log/?result=failed&amp;who={keys['Wrong']}" in answer.content.decode()

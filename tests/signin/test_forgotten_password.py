"""A forgotten password: a mail to the manager's own address, a link that works once, and no hint to strangers."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from oauth.applications import create_entra_application
from securelogin.directory.domains import set_password
from securelogin.directory.models import Domain, Manager, User
from securelogin.signin.models import ResetLink
from tests.mailbox import link_in, mails
from tests.oauth.walk import Entra, answer_of
from tests.people import PASSWORD

CHOSEN = "purple monkey dishwasher"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def _reachable(alice: User) -> None:
    Manager.objects.filter(user=alice).update(login_email="alice@mail.example")


def ask(username: str = "alice@acme.example", domain: str = "acme", browser: Client | None = None) -> str:
    answer = (browser or Client()).post(f"/d/{domain}/forgot", {"username": username})
    assert answer.status_code == 200
    return _TOKEN.sub("", answer.content.decode())


def asked() -> str:
    """Ask for a link and return it."""
    ask()
    return link_in(mails()[-1])


def status(password: str) -> int:
    return Client().post("/d/acme/login", {"username": "alice@acme.example", "password": password}).status_code


def test_the_link_sets_a_password_and_ends_all_sessions(alice: User) -> None:
    old = Client()
    old.force_login(alice)
    link = asked()
    answer = Client().post(link, {"password": CHOSEN})
    assert (answer.status_code, answer["Location"]) == (303, "/d/acme/login")
    assert [status(CHOSEN), status(PASSWORD)] == [303, 401]
    assert old.get("/d/acme/").status_code == 302


def test_the_mail_goes_to_her_own_address_whatever_entra_says(alice: User) -> None:
    emails = {"emails": [{"value": "elsewhere@evil.example", "primary": True}]}
    User.objects.filter(pk=alice.pk).update(attributes=emails)
    ask()
    assert [message.to for message in mails()] == [["alice@mail.example"]]


def test_it_speaks_her_language(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(attributes={"preferredLanguage": "nl-NL"})
    ask()
    assert "wachtwoord" in str(mails()[0].body)


def test_everybody_gets_the_same_answer(alice: User, mallory: User) -> None:
    told = ask()
    assert "If somebody manages acme under this name" in told
    for username, domain in (("nobody", "acme"), (mallory.user_name, "acme"), ("x" * 900, "acme")):
        assert ask(username, domain) == told
    assert ask("alice@acme.example", "nowhere").replace("nowhere", "acme") == told
    assert len(mails()) == 1


@pytest.mark.parametrize("username", ["", "a\x00b", "x" * 1001])
def test_what_can_be_nobodys_name_is_refused(alice: User, username: str) -> None:
    assert "is on its way" not in ask(username)


def test_a_link_works_once(alice: User) -> None:
    link = asked()
    assert Client().post(link, {"password": CHOSEN}).status_code == 303
    assert Client().post(link, {"password": "another long password"}).status_code == 404
    assert status(CHOSEN) == 303


def test_looking_at_the_page_uses_nothing_up(alice: User) -> None:
    link = asked()
    assert [Client().get(link).status_code for _ in range(2)] == [200, 200]
    assert Client().post(link, {"password": CHOSEN}).status_code == 303


def test_after_an_hour_it_is_over(alice: User) -> None:
    link = asked()
    ResetLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 404


def test_a_password_set_meanwhile_ends_it(alice: User) -> None:
    link = asked()
    set_password(alice, CHOSEN)
    assert Client().post(link, {"password": "another long password"}).status_code == 404


def test_disabling_ends_it_and_enabling_revives_nothing(alice: User) -> None:
    link = asked()
    User.objects.filter(pk=alice.pk).update(active=False, session_epoch=1)
    assert Client().get(link).status_code == 404
    User.objects.filter(pk=alice.pk).update(active=True)
    assert Client().get(link).status_code == 404


def test_a_suspended_domain_sends_and_takes_no_link(alice: User) -> None:
    link = asked()
    Domain.objects.update(state=Domain.State.SUSPENDED)
    assert Client().get(link).status_code == 404
    ask()
    assert len(mails()) == 1


def test_deleting_her_takes_her_links_away(alice: User) -> None:
    link = asked()
    User.objects.filter(pk=alice.pk).delete()
    assert Client().get(link).status_code == 404
    assert not ResetLink.objects.exists()


def test_three_mails_an_hour_and_no_more(alice: User) -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number + 1}").post("/d/acme/forgot", {"username": alice.user_name})
    assert len(mails()) == 3


def test_a_stranger_who_asks_on_keeps_nobody_from_signing_in(alice: User) -> None:
    for _ in range(8):
        ask()
    assert status(PASSWORD) == 303


def test_only_a_digest_of_the_link_is_kept(alice: User) -> None:
    link = asked().rpartition("/")[2]
    assert link not in str(list(ResetLink.objects.values_list()))


def test_a_new_password_need_not_wait_for_failures_before(alice: User) -> None:
    for _ in range(6):
        assert status("guess") == 401
    Client().post(asked(), {"password": CHOSEN})
    assert status(CHOSEN) == 303


@pytest.fixture
def entra(acme: Domain) -> Entra:
    return Entra(*create_entra_application())


def test_on_the_way_from_entra_it_leads_back_there(entra: Entra, alice: User) -> None:
    login = entra.press_authorize("acme")
    page = entra.browser.get(login)
    assert f'href="{login.replace("login", "forgot")}"' in page.content.decode()
    forgot = entra.browser.post(login.replace("login", "forgot"), {"username": alice.user_name})
    assert forgot["Cross-Origin-Opener-Policy"] == "unsafe-none"
    link = link_in(mails()[-1])
    answer = entra.browser.post(link, {"password": CHOSEN})
    assert answer["Location"] == login
    back = entra.browser.get(entra.sign_in(login, alice, CHOSEN)["Location"])
    assert "code" in answer_of(back)


def test_in_another_browser_it_says_to_start_again_in_entra(entra: Entra, alice: User) -> None:
    login = entra.press_authorize("acme")
    entra.browser.post(login.replace("login", "forgot"), {"username": alice.user_name})
    other = Client()
    answer = other.post(link_in(mails()[-1]), {"password": CHOSEN})
    assert answer["Location"] == "/d/acme/login"
    assert "press Authorize once more" in other.get("/d/acme/login").content.decode()


def test_a_stranger_has_no_link_sent_that_carries_a_flow_of_his(alice: User) -> None:
    Client().post("/d/acme/forgot?flow=anything", {"username": alice.user_name})
    assert "flow" not in link_in(mails()[-1])
    assert len(outbox.outbox) == 1

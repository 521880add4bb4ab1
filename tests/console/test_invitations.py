"""Invitations: from the owner's form through the mail to the first sign-in, once, within a week."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from securelogin.directory.models import Domain, Manager, User
from securelogin.signin.models import Invitation
from tests.console.conftest import browser_of
from tests.console.forms import fill_in, said, shown
from tests.mailbox import link_in, mails
from tests.people import make_user

PAGE = "/d/acme/managers/"
CHOSEN = "purple monkey dishwasher"
BEN = {"email": "ben@acme.example", "role": "admin", "language": "nl"}


def invite(manager: Client, **changes: str) -> str:
    """Invite Ben and return the link that he is mailed."""
    assert "is on its way to" in said(manager, fill_in(manager, f"{PAGE}invite/", **BEN | changes))
    return link_in(mails()[-1])


def accept(link: str, password: str = CHOSEN) -> int:
    return Client().post(link, {"password": password}).status_code


def sign_in(username: str = "ben@acme.example", password: str = CHOSEN) -> Client:
    browser = Client()
    assert browser.post("/d/acme/login", {"username": username, "password": password}).status_code == 303
    return browser


def test_who_is_invited_chooses_a_password_and_manages_in_her_language(manager: Client, acme: Domain) -> None:
    link = invite(manager)
    page = Client().get(link)
    assert 'value="ben@acme.example"' in page.content.decode()
    assert (page["Content-Language"], accept(link)) == ("nl", 303)
    ben = Manager.objects.get(user__user_name="ben@acme.example")
    assert (ben.domain, ben.role, ben.login_email) == (acme, "admin", "ben@acme.example")
    assert ben.invited_by_name == "alice@acme.example"
    assert "Gebruikers" in sign_in().get("/d/acme/").content.decode()


def test_the_mail_speaks_the_language_that_was_chosen(manager: Client, acme: Domain) -> None:
    invite(manager)
    (dutch,) = outbox.outbox
    assert dutch.to == ["ben@acme.example"]
    assert "nodigt je uit" in str(dutch.body)
    invite(manager, email="ann@acme.example", language="en")
    assert "invites you to manage Acme" in str(outbox.outbox[1].body)


def test_a_link_works_once(manager: Client) -> None:
    link = invite(manager)
    assert [accept(link), accept(link, "another long password")] == [303, 404]
    sign_in()


def test_a_weak_password_is_refused_and_the_link_stays_good(manager: Client) -> None:
    link = invite(manager)
    for weak in ("short", "1234567890123", "password123", "", "x" * 1001):
        assert accept(link, weak) == 400
    assert accept(link) == 303


def test_after_a_week_it_is_over(manager: Client) -> None:
    link = invite(manager)
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert accept(link) == 404
    assert "Expired" in manager.get(PAGE).content.decode()


def test_sent_again_only_the_newest_link_works(manager: Client) -> None:
    first = invite(manager)
    again = f"{PAGE}invitations/{Invitation.objects.get().pk}/again/"
    assert "less than a minute ago" in said(manager, manager.post(again))
    Invitation.objects.update(sent=timezone.now() - timedelta(minutes=2), expires=timezone.now())
    assert "on its way" in said(manager, manager.post(again))
    assert [accept(first), accept(link_in(mails()[-1]))] == [404, 303]


def test_cancelled_it_is_over(manager: Client) -> None:
    link = invite(manager)
    said(manager, manager.post(f"{PAGE}invitations/{Invitation.objects.get().pk}/cancel/"))
    assert accept(link) == 404
    assert not Invitation.objects.exists()


def test_one_address_is_invited_once_whatever_its_case(manager: Client) -> None:
    invite(manager)
    answer = fill_in(manager, f"{PAGE}invite/", **BEN | {"email": "BEN@acme.example"})
    assert "has been invited already" in answer.content.decode()
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("email", ["alice@acme.example", "ALICE@acme.example"])
def test_who_manages_already_is_not_invited(manager: Client, email: str) -> None:
    answer = fill_in(manager, f"{PAGE}invite/", **BEN | {"email": email})
    assert (answer.status_code, outbox.outbox) == (400, [])


@pytest.mark.parametrize("email", ["", "ben", "ben@", "b" * 250 + "@acme.example", "ben@acme.example\x00"])
def test_what_is_no_address_is_refused(manager: Client, email: str) -> None:
    assert fill_in(manager, f"{PAGE}invite/", **BEN | {"email": email}).status_code == 400
    assert not Invitation.objects.exists()


def test_somebody_whom_entra_made_keeps_her_account(manager: Client, acme: Domain) -> None:
    link = invite(manager)
    ben = make_user(acme, "Ben@acme.example")  # Entra comes between the invitation and the link
    assert accept(link) == 303
    assert Manager.objects.get(user=ben).role == "admin"
    assert User.objects.filter(domain=acme, user_name_key="ben@acme.example").count() == 1


def test_disabling_the_account_ends_the_link_and_enabling_it_revives_nothing(manager: Client, acme: Domain) -> None:
    ben = make_user(acme, "ben@acme.example")
    link = invite(manager)
    User.objects.filter(pk=ben.pk).update(active=False, session_epoch=1)
    assert accept(link) == 404
    User.objects.filter(pk=ben.pk).update(active=True)
    assert accept(link) == 404


def test_a_disabled_account_is_not_invited(manager: Client, acme: Domain) -> None:
    User.objects.filter(pk=make_user(acme, "ben@acme.example").pk).update(active=False)
    assert "Enable it first" in fill_in(manager, f"{PAGE}invite/", **BEN).content.decode()


def test_a_suspended_domain_takes_nobody_in(manager: Client) -> None:
    link = invite(manager)
    Domain.objects.filter(name="acme").update(state=Domain.State.SUSPENDED)
    assert accept(link) == 404


def test_a_link_leads_into_its_own_domain_alone(manager: Client, umbra: Domain) -> None:
    assert accept(invite(manager)) == 303
    assert not Manager.objects.filter(domain=umbra).exists()


@pytest.mark.parametrize("link", ["nothing", "slink_" + "0" * 64, "%00", "é"])
def test_a_link_that_never_was_says_what_to_do(db: None, link: str) -> None:
    answer = Client().get(f"/invitation/{link}")
    assert (answer.status_code, "send the invitation again" in answer.content.decode()) == (404, True)


def test_only_a_digest_of_the_link_is_kept(manager: Client) -> None:
    link = invite(manager).rpartition("/")[2]
    assert link not in str(list(Invitation.objects.values_list()))


def test_where_no_mail_is_sent_the_owner_hands_the_link_over(manager: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "securelogin.mail.Unsent"
    answer = fill_in(manager, f"{PAGE}invite/", **BEN)
    assert "No mail could be sent to ben@acme.example." in answer.content.decode()
    assert accept(shown(answer.content)["invitation-link"].removeprefix("http://127.0.0.1:8000")) == 303


def test_an_invitation_of_another_domain_is_not_there(manager: Client, mallory: User) -> None:
    assert fill_in(browser_of(mallory), "/d/umbra/managers/invite/", **BEN).status_code == 302
    for act in ("again", "cancel"):
        assert manager.post(f"{PAGE}invitations/{Invitation.objects.get().pk}/{act}/").status_code == 404

"""OAuth applications: redirect addresses compared letter by letter, two secrets at a time, and a switch."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from oauth.applications import create_entra_application
from oauth.models import Application, ApplicationSecret
from securelogin.directory.models import Domain, User
from securelogin.logbook.models import Entry
from tests.console.forms import fill_in, said, shown
from tests.furniture import furnish
from tests.oauth.walk import Entra

PAGE = "/operator/applications/"


@pytest.fixture
def entra(db: None) -> Entra:
    return Entra(*create_entra_application())


@pytest.fixture
def page(entra: Entra) -> str:
    return f"{PAGE}{entra.application.pk}/"


def lines(olga: User) -> list[str]:
    return [" ".join(entry.warnings) for entry in Entry.objects.filter(domain_id=olga.domain_id, subject_type="client")]


def test_the_clients_of_authorize_are_listed_and_no_domains_own(operator: Client, entra: Entra, acme: Domain) -> None:
    client = furnish(acme).client.application
    listed = operator.get(PAGE).content.decode()
    assert entra.application.client_id in listed
    assert client is not None
    assert client.client_id not in listed
    assert operator.get(f"{PAGE}{client.pk}/").status_code == 404


def test_new_redirect_addresses_count_at_once_and_letter_by_letter(
    operator: Client, olga: User, entra: Entra, page: str
) -> None:
    fill_in(operator, page, redirect_uris="https://portal.example/a\n\nhttps://portal.example/b")
    answers = [
        entra.browser.get(entra.authorize_url(redirect_uri=f"https://portal.example/{end}")).status_code
        for end in ("a", "b", "a/", "A", "c")
    ]
    assert answers == [302, 302, 400, 400, 400]
    assert lines(olga) == ["The redirect addresses are now: https://portal.example/a https://portal.example/b"]


@pytest.mark.parametrize(
    "typed", ["", "nonsense", "https://portal.example/#fragment", "ftp://portal.example/", "https://*.example/"]
)
def test_an_address_that_is_none_is_refused(operator: Client, entra: Entra, page: str, typed: str) -> None:
    assert fill_in(operator, page, redirect_uris=typed).status_code == 400
    assert Application.objects.get(pk=entra.application.pk).redirect_uris == entra.application.redirect_uris


def test_a_second_secret_is_shown_once_and_a_third_refused(operator: Client, entra: Entra, page: str) -> None:
    answer = fill_in(operator, f"{page}secrets/add/", lifetime="")
    second = Entra(entra.application, shown(answer.content)["secret"])
    assert [each.ask().json()["error"] for each in (entra, second)] == ["unauthorized_client"] * 2
    assert "two valid secrets already" in said(operator, fill_in(operator, f"{page}secrets/add/", lifetime=""))


def test_an_ended_secret_is_refused(operator: Client, olga: User, entra: Entra, page: str) -> None:
    secret = ApplicationSecret.objects.get(application=entra.application)
    end = f"{page}secrets/{secret.pk}/end/"
    assert "It is the only valid secret." in strip_tags(operator.get(end).content.decode())
    said(operator, operator.post(end))
    assert entra.ask().json()["error"] == "invalid_client"
    assert operator.post(end).status_code == 404
    assert lines(olga)[0].endswith("was ended.")


def test_a_secret_of_another_application_cannot_be_ended_here(operator: Client, page: str) -> None:
    other = ApplicationSecret.objects.get(application=create_entra_application(name="Other")[0])
    assert operator.post(f"{page}secrets/{other.pk}/end/").status_code == 404
    other.refresh_from_db()
    assert other.not_after is None


def test_switched_off_nobody_authorizes_and_on_again_it_works(
    operator: Client, olga: User, entra: Entra, alice: User, page: str
) -> None:
    refresh_token = entra.redeem(entra.authorize(alice)["code"]).json()["refresh_token"]
    assert "1 connection gets no new tokens" in strip_tags(operator.get(f"{page}switch/").content.decode())
    said(operator, operator.post(f"{page}switch/"))
    assert entra.browser.get(entra.authorize_url()).status_code == 400
    assert entra.refresh(refresh_token).status_code == 401
    said(operator, operator.post(f"{page}switch/"))
    assert entra.refresh(refresh_token).status_code == 200
    assert lines(olga) == ["The application was switched off.", "The application was switched on."]

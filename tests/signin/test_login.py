"""Signing in to a domain: by name and password, within that domain, at one cost and with one answer."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from securelogin.directory.models import Domain, Role, User
from tests.people import PASSWORD, make_user

Answer = Any  # what Django's test client returns


def sign_in(domain: str, username: str, password: str = PASSWORD, client: Client | None = None) -> Answer:
    return (client or Client()).post(f"/d/{domain}/login", {"username": username, "password": password})


def test_the_right_password_leads_to_the_domains_pages(alice: User, mallory: User) -> None:
    response = sign_in("acme", alice.user_name)
    assert (response.status_code, response["Location"]) == (303, "/d/acme/")


def test_upper_and_lower_case_of_a_name_are_one(acme: Domain) -> None:
    make_user(acme, "Straße@acme.example")
    assert sign_in("acme", "STRASSE@ACME.EXAMPLE").status_code == 303


def test_a_namesake_in_another_domain_is_another_person(acme: Domain, umbra: Domain) -> None:
    make_user(acme, "ann")
    User.objects.filter(pk=make_user(umbra, "ann").pk).update(password=make_password("another password"))
    assert sign_in("umbra", "ann").status_code == 401
    assert sign_in("umbra", "ann", "another password").status_code == 303


def test_whatever_is_wrong_the_answer_is_the_same(acme: Domain, alice: User, umbra: Domain) -> None:
    make_user(acme, "off")
    User.objects.filter(user_name="off").update(active=False)
    make_user(umbra, "closed")
    Domain.objects.filter(name="umbra").update(state=Domain.State.SUSPENDED)
    wrong = [
        ("acme", alice.user_name, "wrong"),
        ("acme", "nobody", PASSWORD),
        ("acme", "off", PASSWORD),
        ("umbra", "closed", PASSWORD),
        ("nowhere", alice.user_name, PASSWORD),
    ]
    for domain, username, password in wrong:
        response = sign_in(domain, username, password)
        assert response.status_code == 401
        assert "That did not work." in response.content.decode()
        assert "_auth_user_id" not in response.wsgi_request.session


@pytest.mark.parametrize(
    "domain,username", [("acme", "alice@acme.example"), ("acme", "nobody"), ("nowhere", "alice@acme.example")]
)
def test_every_wrong_attempt_hashes_once(alice: User, domain: str, username: str) -> None:
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    with patch(hasher, return_value="md5$x$y") as encode:
        sign_in(domain, username, "wrong")
    assert encode.call_count == 1


@pytest.mark.parametrize("username", ["a\x00b", "x" * 5000, ""])
def test_a_name_that_can_be_nobodys_is_simply_wrong(acme: Domain, username: str) -> None:
    assert sign_in("acme", username).status_code == 401


def test_the_login_page_of_an_unknown_domain_looks_like_any_other(acme: Domain) -> None:
    known, unknown = (Client().get(f"/d/{name}/login") for name in ("acme", "zzzz"))
    assert known.status_code == unknown.status_code == 200
    masked = known.content.decode().replace("acme", "zzzz")
    assert masked.split("csrfmiddlewaretoken")[0] == unknown.content.decode().split("csrfmiddlewaretoken")[0]


def test_signing_in_changes_the_session_key(alice: User) -> None:
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    sign_in("acme", alice.user_name, client=client)
    assert client.session.session_key != before


def test_the_next_request_of_somebody_disabled_is_anonymous_and_enabling_revives_nothing(alice: User) -> None:
    client = Client()
    sign_in("acme", alice.user_name, client=client)
    assert client.get("/go").wsgi_request.user == alice
    User.objects.filter(pk=alice.pk).update(active=False, session_epoch=1)
    assert client.get("/go").wsgi_request.user.is_anonymous
    User.objects.filter(pk=alice.pk).update(active=True)
    assert client.get("/go").wsgi_request.user.is_anonymous


def test_a_suspended_domain_ends_its_sessions(alice: User) -> None:
    client = Client()
    sign_in("acme", alice.user_name, client=client)
    Domain.objects.filter(name="acme").update(state=Domain.State.SUSPENDED)
    assert client.get("/go").wsgi_request.user.is_anonymous


def test_logging_out_needs_a_form_and_leads_to_the_login_page(alice: User) -> None:
    client = Client()
    sign_in("acme", alice.user_name, client=client)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/d/acme/login"
    assert client.get("/go").wsgi_request.user.is_anonymous


def test_a_form_from_elsewhere_is_refused_with_a_sentence(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = sign_in("acme", alice.user_name, client=client)
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


def test_nothing_in_the_address_decides_where_a_login_leads(alice: User) -> None:
    client = Client()
    form = {"username": alice.user_name, "password": PASSWORD, "next": "https://evil.example"}
    assert client.post("/d/acme/login?next=https://evil.example", form)["Location"] == "/d/acme/"


def test_somebody_without_a_role_signs_in_too(acme: Domain) -> None:
    make_user(acme, "bob")
    make_user(acme, "carol", Role.AUDITOR)
    assert [sign_in("acme", name).status_code for name in ("bob", "carol")] == [303, 303]

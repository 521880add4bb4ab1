"""Client credentials: a client is made with its secret shown once, and the secret replaced without a failed call."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oauth.models import Application, ApplicationSecret, Connection
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry
from tests.console.forms import fill_in, said, shown

PAGE = "/d/acme/connection/"
CREATE = f"{PAGE}client/"
TERMS = {"name": "Entra", "scope": "scim", "token_lifetime": "7200", "secret_lifetime": "31536000"}


def token_for(client_id: str, secret: str) -> tuple[int, dict[str, object]]:
    """Fetch a token, as Entra does."""
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    form = "grant_type=client_credentials&scope=scim"
    answer = Client().post(
        "/oauth/token", form, "application/x-www-form-urlencoded", headers={"Authorization": f"Basic {basic}"}
    )
    return answer.status_code, answer.json()


@pytest.fixture
def client_page(manager: Client) -> str:
    """The page of a client's connection."""
    fill_in(manager, CREATE, **TERMS)
    return f"{PAGE}{Connection.objects.get().pk}/"


def test_the_values_shown_get_a_token_that_test_connection_likes(manager: Client) -> None:
    values = shown(fill_in(manager, CREATE, **TERMS).content)
    assert values["token-endpoint"] == "http://127.0.0.1:8000/oauth/token"
    status, answer = token_for(values["client-id"], values["secret"])
    assert (status, answer["expires_in"]) == (200, 7200)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert Client().get("/scim/v2/Users", headers=headers).status_code == 200


def test_the_secret_is_shown_once(manager: Client) -> None:
    answer = fill_in(manager, CREATE, **TERMS)
    assert "no-store" in answer["Cache-Control"]
    page = manager.get(f"{PAGE}{Connection.objects.get().pk}/").content.decode()
    assert shown(answer.content)["secret"] not in page
    again = manager.post(CREATE, answer.wsgi_request.POST.dict())
    assert "its secret was shown then" in said(manager, again)
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scope": "openid"},
        {"token_lifetime": "60"},
        {"secret_lifetime": "86400"},
        {"secret_lifetime": ""},
    ],
)
def test_terms_that_microsoft_would_not_take_are_asked_for_again(manager: Client, wrong: dict[str, str]) -> None:
    assert fill_in(manager, CREATE, **TERMS | wrong).status_code == 400
    assert not Connection.objects.exists()


def test_a_secret_is_replaced_while_both_work(manager: Client, acme: Domain) -> None:
    values = shown(fill_in(manager, CREATE, **TERMS).content)
    page = f"{PAGE}{Connection.objects.get().pk}/"
    second = shown(fill_in(manager, f"{page}secrets/add/", lifetime="31536000").content)["secret"]
    assert [token_for(values["client-id"], each)[0] for each in (values["secret"], second)] == [200, 200]
    first = ApplicationSecret.objects.order_by("created").first()
    assert first is not None
    end = f"{page}secrets/{first.pk}/end/"
    assert "The other secret goes on." in manager.get(end).content.decode()
    assert "The secret is over." in said(manager, manager.post(end))
    assert [token_for(values["client-id"], each)[0] for each in (values["secret"], second)] == [401, 200]
    assert manager.get(end).status_code == manager.post(end).status_code == 404


def test_a_third_secret_is_refused_with_what_to_do(manager: Client, client_page: str) -> None:
    fill_in(manager, f"{client_page}secrets/add/", lifetime="31536000")
    refused = fill_in(manager, f"{client_page}secrets/add/", lifetime="31536000")
    assert "End the one that is no longer used" in said(manager, refused)
    assert ApplicationSecret.objects.count() == 2


@pytest.mark.parametrize(
    "old, new, times_said",
    [(None, 1, 1), (9, 1, 1), (7, 1, 0), (9, None, 0), (None, None, 0)],
)
def test_the_page_says_when_the_older_secret_is_out_of_use(
    manager: Client, client_page: str, old: int | None, new: int | None, times_said: int
) -> None:
    fill_in(manager, f"{client_page}secrets/add/", lifetime="31536000")
    for secret, hours in zip(ApplicationSecret.objects.order_by("created"), (old, new), strict=True):
        secret.last_used = None if hours is None else timezone.now() - timedelta(hours=hours)
        secret.save()
    assert manager.get(client_page).content.decode().count("it is safe to end the older one") == times_said


def test_ending_the_only_secret_says_what_stops(manager: Client, client_page: str) -> None:
    secret = ApplicationSecret.objects.get()
    assert "It is the only valid secret." in manager.get(f"{client_page}secrets/{secret.pk}/end/").content.decode()


def test_each_act_leaves_a_line_in_the_logbook(manager: Client, client_page: str) -> None:
    fill_in(manager, f"{client_page}secrets/add/", lifetime="31536000")
    secret = ApplicationSecret.objects.order_by("created").last()
    assert secret is not None
    manager.post(f"{client_page}secrets/{secret.pk}/end/")
    lines = Entry.objects.filter(subject_id=Connection.objects.get().pk, changed=True).order_by("id")
    assert [line.warnings[0] for line in lines] == [
        "This connection was made, with a client of its own.",
        "A client secret was added.",
        f"The client secret of {secret.created:%Y-%m-%d} was ended.",
    ]


@pytest.mark.parametrize("what", ["secrets/add/", "trust/"])
def test_what_belongs_to_another_kind_is_not_there(manager: Client, acme: Domain, what: str) -> None:
    fill_in(manager, "/d/acme/profile/access-key/generate/", name="Key", scope="scim")
    assert manager.get(f"{PAGE}{Connection.objects.get().pk}/{what}").status_code == 404


def test_a_client_that_is_revoked_gets_no_more_secrets(manager: Client, client_page: str) -> None:
    Connection.objects.get().revoke("Alice")
    assert manager.get(f"{client_page}secrets/add/").status_code == 404


def test_the_scope_to_enter_in_entra_is_the_connections(manager: Client) -> None:
    page = fill_in(manager, CREATE, **TERMS | {"scope": "scim:read"}).content.decode()
    assert "and the scope is scim:read." in page

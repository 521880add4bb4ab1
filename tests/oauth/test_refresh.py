"""Refreshing for ever (RFC 6749 §6): Entra must never lose a connection because an answer got lost."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test import RequestFactory
from django.utils import timezone
from oauth2_provider.views import TokenView as StockTokenView

from oauth.applications import create_entra_application
from oauth.models import AccessToken, Connection, RefreshToken
from securelogin.directory.models import Domain, User
from tests.oauth.walk import FORM, Entra, status_of


def test_a_refresh_keeps_the_refresh_token_and_the_old_access_token(entra: Entra, alice: User) -> None:
    first = entra.connect(alice)
    second = entra.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (status_of(first["access_token"]), status_of(second["access_token"])) == (200, 200)


def test_a_refresh_whose_answer_got_lost_is_repeated(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    assert [entra.refresh(token).status_code for _ in range(3)] == [200, 200, 200]
    assert RefreshToken.objects.count() == 1


def test_a_month_of_refreshes_and_of_cleaning_leaves_two_rows(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    for _ in range(5):
        AccessToken.objects.update(expires=timezone.now() - timedelta(days=1))
        assert entra.refresh(token).status_code == 200
        call_command("cleartokens")
    assert (AccessToken.objects.count(), RefreshToken.objects.count()) == (1, 1)


def test_a_connection_survives_a_silent_year(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    long_ago = timezone.now() - timedelta(days=400)
    AccessToken.objects.update(expires=long_ago, created=long_ago)
    RefreshToken.objects.update(created=long_ago)
    call_command("cleartokens")
    assert entra.refresh(token).status_code == 200


def test_a_refresh_works_though_its_access_token_was_deleted(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    AccessToken.objects.all().delete()
    assert entra.refresh(token).status_code == 200


def test_a_connection_outlives_the_manager_who_made_it(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    User.objects.filter(pk=alice.pk).update(active=False)
    assert entra.refresh(token).status_code == 200
    alice.delete()
    document = entra.refresh(token).json()
    assert status_of(document["access_token"]) == 200
    assert Connection.objects.get().authorized_by_name == "alice@acme.example"


@pytest.mark.parametrize("token", ["slort_unknown", "ü", "x" * 5000])
def test_an_unknown_refresh_token_is_an_invalid_grant(entra: Entra, token: str) -> None:
    response = entra.refresh(token)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_grant"
    assert "press Authorize again" in response.json()["error_description"]


def test_a_refresh_token_is_bound_to_its_client(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    assert Entra(*create_entra_application(name="Another")).refresh(token).json()["error"] == "invalid_grant"
    assert entra.refresh(token).status_code == 200


def test_a_suspended_domain_gets_no_tokens_until_it_is_active_again(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    Domain.objects.filter(pk=alice.domain_id).update(state=Domain.State.SUSPENDED)
    assert entra.refresh(token).json()["error"] == "invalid_grant"
    Domain.objects.filter(pk=alice.domain_id).update(state=Domain.State.ACTIVE)
    assert entra.refresh(token).status_code == 200


def test_a_narrowed_scope_is_widened_again_only_to_what_was_granted(entra: Entra, alice: User) -> None:
    token = entra.connect(alice, scope="scim scim:read")["refresh_token"]
    assert entra.refresh(token, scope="scim:read").json()["scope"] == "scim:read"
    assert entra.refresh(token).json()["scope"] == "scim scim:read"
    narrow = entra.connect(alice, scope="scim:read")["refresh_token"]
    assert entra.refresh(narrow, scope="scim").json()["error"] == "invalid_scope"


def test_a_rotating_client_gets_a_new_refresh_token_and_loses_all_when_the_old_one_returns(
    entra: Entra, alice: User
) -> None:
    entra.application.rotate_refresh_tokens = True
    entra.application.save()
    first = entra.connect(alice)
    second = entra.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert entra.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert entra.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert status_of(second["access_token"]) == 401


@pytest.mark.django_db(transaction=True)
def test_the_toolkits_own_token_view_is_refused_because_it_holds_no_locks(
    request: pytest.FixtureRequest, rf: RequestFactory
) -> None:
    entra: Entra = request.getfixturevalue("entra")
    token = entra.connect(request.getfixturevalue("alice"))["refresh_token"]
    form = entra.credentials() | {"grant_type": "refresh_token", "refresh_token": token}
    body = "&".join(f"{key}={value}" for key, value in form.items())
    with pytest.raises(TransactionManagementError, match=r"oauth\.views\.TokenView"):
        StockTokenView.as_view()(rf.post("/oauth/token", body, content_type=FORM))
    assert not connection.in_atomic_block
    assert entra.refresh(token).status_code == 200

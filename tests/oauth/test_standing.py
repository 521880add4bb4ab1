"""What was true at the login is asked again, of role and connection; and what only clashed is tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from oauth import connections, views
from oauth.models import AccessToken, Connection, RefreshToken
from securelogin.directory.models import Manager, Role, User
from tests.oauth.walk import Entra, answer_of, status_of


def take_role(user: User) -> None:
    Manager.objects.filter(user=user).update(role=Role.AUDITOR)


def test_a_role_taken_after_the_login_gives_no_code(entra: Entra, alice: User) -> None:
    back = entra.sign_in(entra.press_authorize("acme"), alice)["Location"]
    take_role(alice)
    answer = answer_of(entra.browser.get(back))
    assert (answer["error"], answer["state"]) == ("access_denied", "1")
    assert not Connection.objects.exists()


def test_a_role_taken_before_the_code_is_redeemed_gives_no_token(entra: Entra, alice: User) -> None:
    code = entra.authorize(alice)["code"]
    take_role(alice)
    assert entra.redeem(code).json()["error"] == "invalid_grant"
    assert not AccessToken.objects.exists()


def test_a_role_taken_later_leaves_the_connection(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    take_role(alice)
    assert entra.refresh(token).status_code == 200


def test_a_revoked_connection_gets_no_token_even_if_its_refresh_token_is_there(entra: Entra, alice: User) -> None:
    token = entra.connect(alice)["refresh_token"]
    Connection.objects.update(state=Connection.State.REVOKED)
    answer = entra.refresh(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert answer.json()["error_description"].startswith("This connection has been ended.")


def test_revoking_leaves_no_rotated_refresh_token_behind(entra: Entra, alice: User) -> None:
    entra.application.rotate_refresh_tokens = True
    entra.application.save()
    token = entra.refresh(entra.connect(alice)["refresh_token"]).json()
    assert RefreshToken.objects.count() == 2
    Connection.objects.get().revoke("Alice")
    assert not RefreshToken.objects.exists()
    assert status_of(token["access_token"]) == 401


@pytest.mark.parametrize(
    "scope, said, unsaid", [("scim:read", "asks to read the", "remove"), ("scim", "disable and remove", "asks to read")]
)
def test_the_banner_says_what_the_scopes_allow(entra: Entra, alice: User, scope: str, said: str, unsaid: str) -> None:
    page = entra.browser.get(entra.press_authorize("acme", scope=scope)).content.decode()
    assert said in page
    assert unsaid not in page


class _DeadlockError(Exception):
    sqlstate = "40P01"


def failing_once(work: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """Return the work with its first call failing as the database makes it fail."""
    left = [error]

    def failing(*arguments: Any, **options: Any) -> Any:
        if left:
            raise left.pop()
        return work(*arguments, **options)

    return failing


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = _DeadlockError()
    return error


def test_a_token_request_that_loses_a_deadlock_is_repeated(
    entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = entra.authorize(alice)["code"]
    monkeypatch.setattr(connections, "activate", failing_once(connections.activate, deadlock()))
    assert entra.redeem(code).status_code == 200


def test_a_code_that_loses_a_deadlock_is_issued_all_the_same(
    entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "await_code", failing_once(connections.await_code, deadlock()))
    assert "code" in entra.authorize(alice)


def test_a_clash_of_token_requests_asks_to_try_again(
    entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = entra.authorize(alice)["code"]
    monkeypatch.setattr(connections, "activate", failing_once(connections.activate, IntegrityError()))
    answer = entra.redeem(code)
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert entra.redeem(code).status_code == 200


def test_a_clash_of_authorizations_sends_her_back_to_try_again(
    entra: Entra, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "await_code", failing_once(connections.await_code, IntegrityError()))
    answer = entra.authorize(alice)
    assert (answer["error"], answer["error_description"]) == ("temporarily_unavailable", views._AWAY)

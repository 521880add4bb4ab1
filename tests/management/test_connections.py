"""The operator's commands about connections: what they make works, what they hold up is held up, what they list is
there.
"""

import io
import json
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from oauth.models import AccessKey, Application, Connection
from securelogin.directory.models import Domain
from tests.credentials import make_key
from tests.management.running import run
from tests.oauth.walk import Entra, status_of


def test_a_key_is_made_listed_replaced_and_ended(acme: Domain, umbra: Domain) -> None:
    _, theirs = make_key(umbra)
    made = run("create_key", "acme", "--name", "Entra", "--days", "365")
    assert status_of(made["access_key"]) == 200
    replaced = run("rotate_key", "acme", made["id"], "--overlap-hours", "1")
    assert replaced["expires"] == "never"
    assert replaced["old_key_expires"] < made["expires"]
    new, old = run("list_keys", "acme")["keys"]
    assert (new["id"], old["id"]) == (replaced["id"], made["id"])
    assert (old["name"], old["scope"], old["by"], old["state"]) == ("Entra", "scim", "Operator's command", "active")
    assert made["access_key"].startswith(old["key"].split("…")[0])
    assert (old["last_used"] == "never", new["last_used"]) == (False, "never")
    assert run("revoke_key", "acme", old["id"])["connection"] == "active"
    assert run("revoke_key", "acme", new["id"])["connection"] == "revoked"
    assert {key["state"] for key in run("list_keys", "acme")["keys"]} == {"over"}
    assert [status_of(one) for one in (made["access_key"], replaced["access_key"], theirs)] == [401, 401, 200]


def test_a_client_is_connected_and_gets_tokens(acme: Domain) -> None:
    made = run("create_client_connection", "acme", "--token-hours", "2", "--read-only")
    application = Application.objects.get(client_id=made["client_id"])
    answer = Entra(application, made["client_secret"]).ask().json()
    assert (answer["expires_in"], answer["scope"]) == (7200, "scim:read")
    assert made["token_url"].endswith("/oauth/token")
    renewed = run("create_client_secret", made["client_id"], "--days", "365")["client_secret"]
    assert Entra(application, renewed).ask().status_code == 200
    with pytest.raises(CommandError, match="two valid secrets already"):
        run("create_client_secret", made["client_id"], "--days", "365")


def test_the_connections_of_a_domain_are_listed(acme: Domain, umbra: Domain) -> None:
    make_key(umbra)
    made = run("create_client_connection", "acme", "--name", "Entra")
    key, _ = make_key(acme)
    by_key, by_client = run("list_connections", "acme")["connections"]
    assert (by_key["id"], by_key["kind"], by_key["client_id"]) == (str(key.connection_id), "key", "")
    assert (by_client["id"], by_client["client_id"]) == (made["connection"], made["client_id"])
    assert (by_client["name"], by_client["state"], by_client["author"]) == ("Entra", "active", "command")


def test_a_connection_is_paused_and_resumed(acme: Domain) -> None:
    key, text = make_key(acme)
    one = str(key.connection_id)
    assert run("pause_connection", "acme", one)["state"] == "paused"
    assert status_of(text) == 503
    assert Connection.objects.get().paused_by_name == "Operator's command"
    assert run("resume_connection", "acme", one)["state"] == "active"
    assert status_of(text) == 200
    run("revoke_connections", "acme", "--connection", one)
    for command in ("pause_connection", "resume_connection"):
        with pytest.raises(CommandError, match="has been ended"):
            run(command, "acme", one)


def test_a_domain_is_suspended_and_resumed(acme: Domain, umbra: Domain) -> None:
    (_, ours), (_, theirs) = make_key(acme), make_key(umbra)
    assert run("suspend_domain", "acme")["state"] == "suspended"
    assert [status_of(one) for one in (ours, theirs)] == [403, 200]
    assert run("resume_domain", "acme")["state"] == "active"
    assert status_of(ours) == 200


def test_what_belongs_to_another_domain_is_not_there(acme: Domain, umbra: Domain) -> None:
    key, text = make_key(umbra)
    for command in ("pause_connection", "resume_connection"):
        with pytest.raises(CommandError, match=r"acme has no connection .*manage\.py list_connections"):
            run(command, "acme", str(key.connection_id))
    for command in ("rotate_key", "revoke_key"):
        with pytest.raises(CommandError, match=r"acme has no access key .*manage\.py list_keys"):
            run(command, "acme", str(key.pk))
    with pytest.raises(CommandError, match="acme has no connection"):
        run("revoke_connections", "acme", "--connection", str(key.connection_id))
    assert status_of(text) == 200


@pytest.mark.parametrize(
    "command", ["list_keys", "list_connections", "suspend_domain", "resume_domain", "create_client_connection"]
)
@pytest.mark.django_db
def test_a_missing_domain_is_named_with_the_command_that_makes_it(command: str) -> None:
    with pytest.raises(CommandError, match=r"manage\.py create_domain acme"):
        run(command, "acme")


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["create_key", "acme", "--name", " "], "a name of 1 to 100 characters"),
        (["create_key", "acme", "--days", "0"], "--days is a number from 1 to 3660"),
        (["create_client_connection", "acme", "--token-hours", "7"], "--token-hours is a number from 1 to 6"),
        (["create_client_connection", "acme", "--token-hours", "99999999999"], "--token-hours is a number from 1 to 6"),
        (["create_client_connection", "acme", "--secret-days", "30"], "from 1 to 3 years"),
        (["create_client_connection", "acme", "--name", "x" * 101], "a name of 1 to 100 characters"),
    ],
)
def test_what_cannot_be_given_is_refused_with_a_sentence(acme: Domain, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*words)
    assert not Connection.objects.exists()
    assert not Application.objects.exists()


def test_an_overlap_that_nobody_can_mean_and_a_second_replacement_are_refused(acme: Domain) -> None:
    key, _ = make_key(acme)
    for hours in ("-1", "2161"):
        with pytest.raises(CommandError, match="--overlap-hours is a number from 0 to 2160"):
            run("rotate_key", "acme", str(key.pk), f"--overlap-hours={hours}")
    run("rotate_key", "acme", str(key.pk))
    with pytest.raises(CommandError, match="replaced already"):
        run("rotate_key", "acme", str(key.pk))
    assert AccessKey.objects.count() == 2


def test_for_people_a_list_is_a_table_and_an_empty_one_a_sentence(acme: Domain) -> None:
    def printed(*words: str) -> list[str]:
        out = io.StringIO()
        call_command(*words, stdout=out)
        return out.getvalue().splitlines()

    assert printed("list_keys", "acme") == ["There are no keys."]
    assert run("list_keys", "acme") == {"keys": []}
    key, _ = make_key(acme)
    head, line = printed("list_keys", "acme")
    assert (head.split()[:2], line.split()[:2]) == (["id", "key"], [str(key.pk), str(key)])
    assert head.index("last used") == line.index("never", line.index("never") + 1)
    assert json.dumps(run("list_connections", "acme")).count(str(key.connection_id)) == 1


@pytest.mark.django_db
def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid UUID"):
        run("pause_connection", "acme", "x")
    run("create_domain", "acme")
    with pytest.raises(CommandError, match="has no connection"):
        run("pause_connection", "acme", str(uuid4()))

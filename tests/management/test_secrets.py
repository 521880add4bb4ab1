"""What an operator does when a secret has leaked: renew a client's, end a domain's connections."""

from uuid import uuid4

import pytest
from django.core.management.base import CommandError

from oauth.models import Connection
from oauth.secrets import verify
from securelogin.directory.models import Domain
from tests.credentials import make_key
from tests.management.running import run
from tests.oauth.walk import Entra, status_of


def test_a_clients_secret_is_renewed_without_a_gap(entra: Entra) -> None:
    client_id = entra.application.client_id
    renewed = run("create_client_secret", client_id, "--days", "365")["client_secret"]
    assert verify(entra.application, entra.secret)
    assert verify(entra.application, renewed)
    old, new = (key for key in run("expire_client_secret", client_id) if key != "client_id")
    assert run("expire_client_secret", client_id, "--id", old)["expired"] == old
    assert not verify(entra.application, entra.secret)
    assert verify(entra.application, renewed)
    with pytest.raises(CommandError, match="no valid secret of that id"):
        run("expire_client_secret", client_id, "--id", old)
    listed = run("expire_client_secret", client_id)
    assert set(listed) == {"client_id", new}
    assert "last used" in listed[new]


@pytest.mark.parametrize("command", ["create_client_secret", "expire_client_secret"])
@pytest.mark.django_db
def test_a_missing_client_is_named_with_the_command_that_makes_one(command: str) -> None:
    with pytest.raises(CommandError, match=r"There is no client nobody\. .*manage\.py create_client"):
        run(command, "nobody")


def test_the_connections_of_one_domain_are_ended(acme: Domain, umbra: Domain) -> None:
    (first, one), (_, two), (_, theirs) = (make_key(domain) for domain in (acme, acme, umbra))
    assert run("revoke_connections", "acme", "--connection", str(first.connection_id))["revoked"] == "1"
    assert [status_of(token) for token in (one, two, theirs)] == [401, 200, 200]
    assert run("revoke_connections", "acme")["revoked"] == "1"
    assert [status_of(token) for token in (one, two, theirs)] == [401, 401, 200]
    assert Connection.objects.get(pk=first.connection_id).revoked_by_name == "Operator's command"
    with pytest.raises(CommandError, match="acme has no connection"):
        run("revoke_connections", "acme", "--connection", str(uuid4()))

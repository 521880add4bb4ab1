"""What an earlier version made goes on: an operator's token, once a client without an application, is now a key's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from oauth.models import Connection
from oauth.tokens import digest, new_access_token
from securelogin.directory.models import Domain
from tests.oauth.walk import present


@pytest.mark.django_db(transaction=True)
def test_an_operators_token_goes_on_as_a_connection_by_key() -> None:
    earlier = MigrationExecutor(connection)
    earlier.migrate([("oauth", "0001_initial")])
    models = earlier.loader.project_state([("oauth", "0001_initial")]).apps
    token = new_access_token()
    domain = models.get_model("directory", "Domain").objects.create(name="acme", display_name="Acme")
    made = models.get_model("oauth", "Connection").objects.create(
        kind="client", domain=domain, name="Token issued by Operator's command", scope="scim"
    )
    models.get_model("oauth", "AccessToken").objects.create(
        connection=made, token_checksum=digest(token), scope="scim", expires=timezone.now() + timedelta(days=30)
    )
    later = MigrationExecutor(connection)
    later.migrate(later.loader.graph.leaf_nodes())
    assert Connection.objects.get().kind == "key"
    assert present(f"Bearer {token}").tenant.id == Domain.objects.get().pk

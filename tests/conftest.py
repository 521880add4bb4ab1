"""Two domains, always, each with an owner: what belongs to one must never be reached from the other."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import settings as hypothesis

from securelogin.directory.models import Domain, Role, User
from tests.installation import migrated
from tests.people import make_user

# New cases are looked for at every run of a developer's; CI judges a change by the same ones each time.
hypothesis.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.load_profile("ci")


@pytest.fixture
def acme(db: None) -> Domain:
    return Domain.objects.create(name="acme", display_name="Acme")


@pytest.fixture
def umbra(db: None) -> Domain:
    return Domain.objects.create(name="umbra", display_name="Umbra")


@pytest.fixture
def alice(acme: Domain) -> User:
    return make_user(acme, "alice@acme.example", Role.OWNER)


@pytest.fixture
def mallory(umbra: Domain) -> User:
    return make_user(umbra, "mallory@umbra.example", Role.OWNER)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the database is that every installation begins with a copy of."""
    with migrated(tmp_path_factory.mktemp("template")) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """PostgreSQL copies that one for the tests themselves too; theirs on SQLite is in memory, and is migrated."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = request.getfixturevalue("template").rpartition("/")[2]

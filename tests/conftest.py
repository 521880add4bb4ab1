"""Two domains, always, each with an owner: what belongs to one must never be reached from the other."""

import os
from collections.abc import Iterator

import pytest
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

"""Two domains, always, each with an owner: what belongs to one must never be reached from the other."""

import os

import pytest
from hypothesis import settings as hypothesis

from securelogin.directory.models import Domain, Role, User
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

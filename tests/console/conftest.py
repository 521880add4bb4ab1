"""Browsers of people who are signed in: one of acme's managers in each role, and umbra's owner."""

import pytest
from django.test import Client

from securelogin.directory.models import Domain, Role, User
from tests.oauth.conftest import issuer, workload  # noqa: F401  # fixtures, for the lines of a trust
from tests.people import make_user
from tests.scim.conftest import Scim, connect


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(alice: User) -> Client:
    """The browser of acme's owner."""
    return browser_of(alice)


@pytest.fixture
def auditor(acme: Domain) -> Client:
    """The browser of somebody who may look at acme, and change nothing."""
    return browser_of(make_user(acme, "otto@acme.example", Role.AUDITOR))


@pytest.fixture
def neighbour(mallory: User) -> Client:
    """The browser of umbra's owner."""
    return browser_of(mallory)


@pytest.fixture
def scim(acme: Domain) -> Scim:
    """Entra, as it provisions acme."""
    return connect(acme)

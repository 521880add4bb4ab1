"""Browsers of an operator and of acme's owner."""

import pytest
from django.test import Client

from securelogin.directory.models import User
from securelogin.directory.operators import create_operator
from tests.console.conftest import browser_of
from tests.people import ACTOR, PASSWORD


@pytest.fixture
def olga(db: None) -> User:
    return create_operator("olga@hosting.example", PASSWORD, ACTOR).user


@pytest.fixture
def operator(olga: User) -> Client:
    """The browser of somebody who runs the installation."""
    return browser_of(olga)


@pytest.fixture
def manager(alice: User) -> Client:
    """The browser of acme's owner."""
    return browser_of(alice)

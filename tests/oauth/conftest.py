"""The one Entra application; and Entra as a workload identity that acme trusts."""

from collections.abc import Iterator

import pytest

from oauth import keyring
from oauth.applications import create_entra_application
from securelogin.directory.models import Domain
from tests.oauth.issuer import FakeEntra, published
from tests.oauth.walk import Entra
from tests.oauth.workload import Workload


@pytest.fixture
def entra(db: None) -> Entra:
    application, secret = create_entra_application()
    return Entra(application, secret)


@pytest.fixture
def issuer() -> Iterator[FakeEntra]:
    keyring.forget()
    with published(FakeEntra()) as fake:
        yield fake


@pytest.fixture
def workload(issuer: FakeEntra, acme: Domain) -> Workload:
    return Workload.of(issuer, acme)

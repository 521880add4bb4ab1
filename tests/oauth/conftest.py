"""The one Entra application."""

import pytest

from oauth.applications import create_entra_application
from tests.oauth.walk import Entra


@pytest.fixture
def entra(db: None) -> Entra:
    application, secret = create_entra_application()
    return Entra(application, secret)

"""An OAuth client with a secret."""

from tests.oauth.conftest import entra

__all__ = ["entra"]

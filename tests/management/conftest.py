"""An OAuth client with a secret; and one with a trust."""

from tests.oauth.conftest import entra, issuer, workload

__all__ = ["entra", "issuer", "workload"]

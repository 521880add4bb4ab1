"""The SCIM client of each domain serves here too."""

from tests.scim.conftest import neighbour, scim

__all__ = ["neighbour", "scim"]

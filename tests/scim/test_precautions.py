"""What every SCIM answer tells caches and browsers, as every page does. RFC 9111 §5.2.2.5, RFC 6797 §6.1."""

import pytest
from django.test import Client

from scim.api.media import precautions
from tests.scim.conftest import Scim


@pytest.mark.parametrize("path", ["/Users", "/Users/nobody", "/Schemas", "/Bulk", "/Users?filter=x"])
def test_no_answer_is_stored_or_guessed_at(scim: Scim, path: str) -> None:
    for answer in (scim.get(path), Client().get(f"/scim/v2{path}")):
        assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert "Strict-Transport-Security" not in answer


def test_an_installation_under_https_says_that_it_is_nowhere_else() -> None:
    assert precautions(60)["Strict-Transport-Security"] == "max-age=60; includeSubDomains; preload"

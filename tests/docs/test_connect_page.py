"""The way through the pages, as docs/connect-entra.md tells it, has the pages' own words, or Entra's."""

import re

from tests.catalog import spoken
from tests.docs.pages import text

# What Microsoft's portal calls things, as far as the page speaks of them.
ENTRA = {
    *("Identity", "Applications", "Enterprise applications", "New application", "Create your own application"),
    *("Provisioning", "Provisioning Mode", "Automatic", "Admin Credentials", "Authentication Method", "Overview"),
    *("Secret Token", "Test Connection", "Save", "Mappings", "Provisioning Status", "On", "Scope", "JWKS URL"),
    *("OAuth2 Client Credentials Grant", "How credentials are sent", "Header", "Body", "Both", "OAuth 2.0 scopes"),
    *("Synchronize Microsoft Entra users to …", "Synchronize Microsoft Entra groups to …"),
}


def named() -> set[str]:
    return {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", text("docs/connect-entra.md"))}


def test_every_label_is_one_of_the_pages_or_of_entra() -> None:
    on_pages = {message.id.lower() for message in spoken() if isinstance(message.id, str)}
    assert {label for label in named() - ENTRA if label.lower() not in on_pages} == set()


def test_every_label_of_entra_is_spoken_of() -> None:
    assert ENTRA - named() == set()

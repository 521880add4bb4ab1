"""Access keys for the tests: what a client of the SCIM API presents."""

from oauth.connections import Author
from oauth.keys import KeyTerms, generate_key
from oauth.models import AccessKey
from securelogin.directory.models import Domain

AUTHOR = Author(None, "The tests", None)


def make_key(domain: Domain, scope: str = "scim") -> tuple[AccessKey, str]:
    """Connect a domain by a key, and return that with its text."""
    return generate_key(domain, KeyTerms("a test", scope), AUTHOR)

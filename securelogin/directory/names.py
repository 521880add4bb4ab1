"""What a domain may be called: one ASCII label in lower case (RFC 1035 §2.3.1), without look-alikes."""

import re

from django.utils.translation import gettext as _

# One word a line would be a page of its own.
RESERVED = frozenset(
    """
    about account accounts admin administrator api app assets auth autodiscover console contact dashboard dev
    docs email entra example ftp go health help host imap info localhost login logout mail metrics microsoft mx
    ns oauth oidc operator operators pop postmaster root saml scim secure securelogin security signin signup
    smtp sso static status support system test webmail well-known www
    """.split()  # noqa: SIM905
)

# As a pattern, for the addresses that hold a domain's name too.
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LABEL = re.compile(LABEL)
_LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("-", ""))


class BadDomainNameError(ValueError):
    """The text is no domain name; the message says what one looks like."""


def clean_domain_name(text: str) -> str:
    """Return the name that a person typed, in its one spelling. Raises BadDomainNameError when it can be none.

    Whether it exists is another question, and nobody who has not signed in may learn the answer.
    """
    name = text.strip(" \t\r\n")
    # Before lower(): the Kelvin sign becomes an ASCII "k" there, and other homographs are not ASCII in the first place.
    if not name.isascii():
        raise BadDomainNameError(_("A domain name has only the letters a to z, digits and hyphens."))
    name = name.lower().removesuffix(".")
    # A hyphen in third and fourth place marks an encoded name (RFC 5891 §4.2.3.1), which may show as something else.
    if not _LABEL.fullmatch(name) or name[2:4] == "--":
        raise BadDomainNameError(_("A domain name is one word of letters, digits and hyphens, such as acme."))
    return name


def new_domain_name(text: str, taken: frozenset[str] = frozenset()) -> str:
    """Return the name for a new domain. Raises BadDomainNameError when it is reserved, or looks like one of `taken`."""
    name = clean_domain_name(text)
    if name in RESERVED:
        raise BadDomainNameError(f"The name {name} is reserved. Choose another.")
    twin = next((other for other in sorted(taken) if skeleton(other) == skeleton(name)), None)
    if twin is not None:
        raise BadDomainNameError(f"The name {name} is taken or looks like {twin}. Choose another.")
    return name


def skeleton(name: str) -> str:
    """Return what the eye makes of a name: names with one skeleton are mistaken for each other (UTS 39 §4)."""
    for written, seen in _LOOKS_LIKE:
        name = name.replace(written, seen)
    return name

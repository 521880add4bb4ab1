"""Every address of the product, from the URL table itself, so that no test forgets one."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

CONVERTER = re.compile("<[^>]+>")  # what stands for an id
_ID = re.compile(r"<[^>]+>|[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
_DOMAIN = re.compile(r"\(\?P<domain>.+\)(?=/)")


def _addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address
        else:
            yield from _addresses(entry, address)


def _of_acme(address: str) -> str:
    return _DOMAIN.sub("acme", address).replace("^", "").removesuffix("$")


_ALL = sorted({_of_acme(address) for address in _addresses(get_resolver())})
ROUTES = [address for address in _ALL if address.startswith("/scim")]
PAGES = [address for address in _ALL if not address.startswith("/scim")]
OF_STRANGERS = {"/d/acme/login", "/d/acme/forgot"}  # below a domain's address, and for who is not signed in
OF_A_DOMAIN = [page for page in PAGES if page.startswith("/d/acme/") and page not in OF_STRANGERS]
# What is posted to and leads elsewhere, and a file to keep.
FORMS_WITHOUT_A_PAGE = (
    "/export/",
    "/end-sessions/",
    "/resume/",
    "/release/",
    "/reject/",
    "/watch/",
    "/again/",
    "/cancel/",
    "/keep/",
)
OF_OPERATORS = [page for page in PAGES if page.startswith("/operator/")]


def picture_of(address: str) -> str:
    """Return what the picture of a page is called: its address in words, with "one" for an id."""
    words = address.partition("?")[0].removeprefix("/d/acme/").strip("/").split("/")
    return "-".join("one" if _ID.fullmatch(word) else word for word in words if word) or "home"

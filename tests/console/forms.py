"""Filling in the console's forms as a browser does: the page first, then the form with all that stood in it."""

import re
from html import unescape
from typing import Any

from django.test import Client

from tests.people import PASSWORD

_INPUT = re.compile(r"<input[^>]*>")
_SHOWN = re.compile(r'<input id="([\w-]+)" value="([^"]*)" readonly')


def fill_in(browser: Client, address: str, **typed: Any) -> Any:
    """Open a page, type into its form and send it; the password is typed where it is asked for."""
    page = browser.get(address).content.decode()
    fields = {_of(tag, "name"): _of(tag, "value") for tag in _INPUT.findall(page) if 'type="hidden"' in tag}
    if 'name="password"' in page:
        fields["password"] = PASSWORD
    return browser.post(address, fields | typed)


def ticket(browser: Client, address: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', browser.get(address).content.decode())
    assert found is not None
    return found[1]


def shown(page: bytes) -> dict[str, str]:
    """Return the values to copy, by the id of their field."""
    return {name: unescape(value) for name, value in _SHOWN.findall(page.decode())}


def said(browser: Client, answer: Any) -> str:
    """Follow a redirect after a form, and return the page that it leads to."""
    assert answer.status_code in {302, 303}, answer.content
    return str(browser.get(answer["Location"]).content.decode())


def _of(tag: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""

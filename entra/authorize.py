"""Pressing *Authorize*: a browser without a screen walks from the authorization URL back to Entra.

RFC 6749 section 4.1.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from entra import forms
from entra.failure import SignInFailed
from entra.forms import Form, Page
from entra.options import Authorize

TIMEOUT = 60
LONGEST_WAY = 20
REDIRECTS = (301, 302, 303, 307, 308)
# Entra sends a constant where others send a random value.
STATE = "1"


def authorize(login: Authorize) -> str:
    """The code that the server hands to Entra. Raises SignInFailed with what stood on the last page."""
    with requests.Session() as session:
        try:
            return _code(_walk(session, login), login)
        except requests.RequestException as error:
            raise SignInFailed(f"The Authorize pages cannot be reached: {error}") from error


def first_url(login: Authorize) -> str:
    fields = {
        "client_id": login.client.client_id,
        "response_type": "code",
        "redirect_uri": login.redirect_uri,
        "state": STATE,
    }
    if login.client.scope:
        fields["scope"] = login.client.scope
    return f"{login.url}{'&' if '?' in login.url else '?'}{urlencode(fields)}"


def _walk(session: requests.Session, login: Authorize) -> str:
    """Hop by hop to the address that belongs to Entra; that one is never fetched."""
    answers = _answers(login)
    response = session.get(first_url(login), timeout=TIMEOUT, allow_redirects=False)
    for _ in range(LONGEST_WAY):
        if response.status_code in REDIRECTS:
            address = urljoin(response.url, response.headers.get("Location", ""))
            if address.split("?")[0] == login.redirect_uri:
                return address
            response = session.get(address, timeout=TIMEOUT, allow_redirects=False)
        else:
            response = _fill_in(session, response, answers)
    raise SignInFailed(f"After {LONGEST_WAY} pages there is still no way back to Entra; the last was {response.url}")


def _answers(login: Authorize) -> Iterator[dict[str, str]]:
    """What is typed on the first page that asks, and on the second; a third means the sign-in was refused."""
    yield {"domain": login.domain}
    yield {"username": login.username, "password": login.password}


def _fill_in(
    session: requests.Session, response: requests.Response, answers: Iterator[dict[str, str]]
) -> requests.Response:
    page = forms.read(response.text)
    typed = next(answers, None)
    form = _form_for(page, typed or {})
    if response.status_code != 200 or typed is None or form is None:
        raise SignInFailed(f"{response.url} answered {response.status_code} and says: {page.words[:400]}")
    fields = form.fields | typed | dict(form.buttons[:1])
    address, headers = urljoin(response.url, form.action), _as_browser(response.url)
    if form.method == "post":
        return session.post(address, fields, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    return session.get(address, params=fields, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def _form_for(page: Page, typed: dict[str, str]) -> Form | None:
    return next((form for form in page.forms if typed.keys() <= form.fields.keys()), None)


def _as_browser(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {"Origin": f"{parts.scheme}://{parts.netloc}", "Referer": url}


def _code(address: str, login: Authorize) -> str:
    fields = parse_qs(urlsplit(address).query)
    if "error" in fields:
        raise SignInFailed(f"The server sent Entra an error: {urlsplit(address).query}")
    if fields.get("state") != [STATE]:
        raise SignInFailed(f"The state came back as {fields.get('state')}; it must be {STATE!r}, as it was sent.")
    if len(fields.get("code", [])) != 1:
        raise SignInFailed(f"The way back to {login.redirect_uri} carries no code.")
    return fields["code"][0]

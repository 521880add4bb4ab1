"""What a person does on the pages, in the tutorial's words, and what Entra does behind them."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.company import OWNER, PASSWORD
from tests.browser.portal import Portal


def go_to_domain(page: Page, domain: str = "acme") -> None:
    page.get_by_label("Domain").fill(domain)
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Sign in to {domain}")


def sign_in(page: Page, username: str = OWNER, password: str = PASSWORD) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Login", exact=True).click()


def enter(page: Page, domain: str = "acme", username: str = OWNER) -> None:
    """Sign in directly, as one looks at one's domain."""
    page.goto(f"/d/{domain}/login")
    sign_in(page, username)
    page.wait_for_url(f"**/d/{domain}/")


def open_tab(page: Page, title: str, row: str = "Pages") -> None:
    page.get_by_role("navigation", name=row).get_by_role("link", name=title, exact=True).click()
    expect_heading(page, title)


def generate_access_key(page: Page, name: str) -> str:
    """Home > Profile > Access Key > Generate Access key; return the key."""
    page.get_by_role("banner").get_by_role("link", name="Profile", exact=True).click()
    page.get_by_role("navigation", name="Profile").get_by_role("link", name="Access Key").click()
    page.get_by_role("link", name="Generate Access key").click()
    page.get_by_label("Name").fill(name)
    type_password(page)
    page.get_by_role("button", name="Generate Access key").click()
    return page.get_by_label("Access Key", exact=True).input_value()


def create_client(page: Page, name: str) -> None:
    """Connection > Create a client; what the client is given stands on the page that this leads to."""
    enter(page)
    open_tab(page, "Connection")
    page.get_by_role("link", name="Create a client").click()
    page.get_by_label("Name").fill(name)
    type_password(page)
    page.get_by_role("button", name="Create a client").click()


def fetch_token(endpoint: str, client: str, secret: str) -> str:
    """Return a fresh access token, as a client fetches one when it begins."""
    form = {"grant_type": "client_credentials", "scope": "scim"}
    answer = requests.post(endpoint, form, auth=(client, secret), timeout=10)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def value(page: Page, label: str) -> str:
    """Return what a field holds that is there to be copied."""
    return page.get_by_label(label, exact=True).input_value()


def type_password(page: Page) -> None:
    """Type it once more where it is asked for."""
    if page.get_by_label("Your password").is_visible():
        page.get_by_label("Your password").fill(PASSWORD)


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def expect_refused(page: Page) -> None:
    expect(page.get_by_role("alert")).to_contain_text("That did not work.")


def answer_at(portal: Portal, page: Page) -> dict[str, str]:
    """Wait until the browser is back at the redirect address, and return what it brings."""
    page.wait_for_url(f"{portal.redirect_uri}?**")
    return answer_in(page.url)


def answer_in(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def redeem(portal: Portal, code: str) -> requests.Response:
    """Exchange the code, as Entra does behind the browser's back."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": portal.redirect_uri,
        "client_id": portal.client_id,
        "client_secret": portal.secret,
    }
    return requests.post(portal.authorize_endpoint.replace("authorize", "token"), form, timeout=10)


def press_test_connection(tenant_url: str, token: str) -> requests.Response:
    """Press Test Connection: Entra asks for somebody who is certainly not there."""
    nobody = {"filter": 'userName eq "e2f1a0c4-0d5f-4a5e-9a3c-8f6f5a0f7c11"'}
    return requests.get(f"{tenant_url}/Users", nobody, headers={"Authorization": f"Bearer {token}"}, timeout=10)


def focused(page: Page) -> str:
    """Return what has the focus, by the words a person hears."""
    words: str = page.evaluate(
        "() => { const at = document.activeElement; return (at.labels?.[0] ?? at).textContent.trim() }"
    )
    return words


def tab_to(page: Page, words: str) -> None:
    """Press Tab until this has the focus; give up after more stops than any page has."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == words:
            return
    pytest.fail(f"{words} cannot be reached with Tab; the focus is on {focused(page)}")

"""Step 5 of the SecureLogin tutorial, word by word: Authorize, Go to domain, Login, and back with a connection."""

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.portal import Portal
from tests.installation import Installation

pytestmark = pytest.mark.browser


def walk(page: Page, portal: Portal) -> dict[str, str]:
    """From the portal and back to it in the same window; return what the portal is told."""
    page.goto(portal.url)
    page.get_by_role("link", name="Authorize").click()
    steps.expect_heading(page, "Go to domain")
    steps.go_to_domain(page)
    steps.sign_in(page)
    return steps.answer_at(portal, page)


def test_authorize_leads_over_two_pages_back_with_a_code(page: Page, portal: Portal, here: Installation) -> None:
    answer = walk(page, portal)
    assert answer.keys() == {"code", "state", "iss"}
    assert answer["state"] == "1"
    assert answer["iss"] == here.url


def test_the_code_becomes_a_connection_that_test_connection_likes(
    page: Page, portal: Portal, here: Installation
) -> None:
    tokens = steps.redeem(portal, walk(page, portal)["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["refresh_token"]
    found = steps.press_test_connection(f"{here.url}/scim/v2", tokens["access_token"])
    assert found.status_code == 200
    assert found.json()["totalResults"] == 0


def test_the_connection_is_of_the_domain_that_was_typed(page: Page, portal: Portal, here: Installation) -> None:
    token = steps.redeem(portal, walk(page, portal)["code"]).json()["access_token"]
    users = f"{here.url}/scim/v2/Users"
    names = [
        found["userName"]
        for found in requests.get(
            users, {"count": "1000"}, headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).json()["Resources"]
    ]
    assert "alice@acme.example" in names
    assert "mallory@umbra.example" not in names


def test_in_a_new_window_the_portal_that_waits_is_told(page: Page, portal: Portal) -> None:
    page.goto(portal.url)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Authorize in a new window").click()
    window = opened.value
    steps.go_to_domain(window)
    assert page.evaluate("window.child.closed") is False  # another opener policy would make it look closed
    steps.sign_in(window)
    told = page.get_by_role("status")
    expect(told).to_contain_text("code=")
    expect(told).to_contain_text("state=1")


def test_both_pages_say_who_asks_for_what_and_where_one_returns(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    for _ in range(2):
        expect(page.get_by_text("Microsoft Entra ID asks to create, change, disable and remove")).to_be_visible()
        expect(page.get_by_text(f"Afterwards you return to {portal.url}.")).to_be_visible()
        if page.get_by_label("Domain").is_visible():
            steps.go_to_domain(page)
    expect(page.get_by_label("Password")).to_be_visible()


def test_who_is_signed_in_already_signs_in_again(page: Page, portal: Portal) -> None:
    steps.enter(page)
    page.goto(portal.authorize_url())
    steps.go_to_domain(page)
    expect(page.get_by_label("Password")).to_be_visible()
    steps.sign_in(page)
    assert "code" in steps.answer_at(portal, page)


def test_no_page_on_the_way_breaks_its_own_policy(page: Page, portal: Portal) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    walk(page, portal)
    assert [line for line in said if "Content Security Policy" in line] == []

"""The same way without JavaScript, and without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.company import OWNER, PASSWORD
from tests.browser.conftest import Profile
from tests.browser.portal import Portal

pytestmark = pytest.mark.browser


def test_authorize_works_without_javascript(profile: Profile, portal: Portal) -> None:
    page = profile(java_script_enabled=False).new_page()
    page.goto(portal.url)
    page.get_by_role("link", name="Authorize").click()
    steps.go_to_domain(page)
    steps.sign_in(page)
    assert "code" in steps.answer_at(portal, page)


def test_the_console_works_without_javascript(profile: Profile) -> None:
    page = profile(java_script_enabled=False).new_page()
    steps.enter(page)
    steps.open_tab(page, "Users")
    page.get_by_role("navigation", name="Users").get_by_role("link", name="Next").click()
    expect(page.get_by_role("navigation", name="Users").get_by_role("link", name="Previous")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    steps.expect_heading(page, "Sign in to acme")


def test_authorize_works_with_the_keyboard_alone(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    steps.tab_to(page, "Domain")
    page.keyboard.type("acme")
    page.keyboard.press("Enter")
    steps.expect_heading(page, "Sign in to acme")
    steps.tab_to(page, "Username")
    page.keyboard.type(OWNER)
    steps.tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    assert "code" in steps.answer_at(portal, page)


def test_the_focus_goes_in_the_order_of_reading(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page)
    page.keyboard.press("Tab")  # the click that brought us here left no focus behind
    order = [steps.focused(page)]
    while len(order) < 7:
        page.keyboard.press("Tab")
        order.append(steps.focused(page))
    assert order == [
        "Skip to content",
        "Username",
        "Password",
        "Login",
        "Cancel",
        "Forgot your password?",
        "Another domain",
    ]


def test_what_has_the_focus_is_outlined(page: Page) -> None:
    page.goto("/go")
    for words in ("Skip to content", "Domain", "Go"):
        steps.tab_to(page, words)
        style = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", words


def test_the_navigation_can_be_skipped(page: Page) -> None:
    steps.enter(page)
    steps.tab_to(page, "Skip to content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

"""Every page, light and dark, wide and on a phone, is clean by axe (WCAG 2.2 AA), and fits its window."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import steps
from tests.browser.company import CLERK, NEIGHBOUR, PASSWORD
from tests.browser.conftest import Profile
from tests.browser.portal import Portal

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# By night nothing but colours differs (tests/signin/test_pages.py).
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {"light": RULES, "dark": COLOURS}
WINDOWS: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 320, "height": 640}}
SHARES = 4  # of the pages, for as many browsers as there are cores

Way = Callable[[Page, Portal], object]


def go(page: Page, portal: Portal) -> None:
    page.goto("/go")


def go_with_an_error(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.authorize_url()}")
    page.get_by_label("Domain").fill("no domain!")
    page.get_by_role("button", name="Go", exact=True).click()
    page.wait_for_url("**domain=**")


def login(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page)


def login_with_an_error(page: Page, portal: Portal) -> None:
    login(page, portal)
    steps.sign_in(page, "nobody@acme.example")
    steps.expect_refused(page)


def not_a_manager(page: Page, portal: Portal) -> None:
    login(page, portal)
    steps.sign_in(page, CLERK)
    steps.expect_heading(page, "You may not do this")


def start_again(page: Page, portal: Portal) -> None:
    page.goto("/go?flow=unknown")


def forgot(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Username").fill("nobody")
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("status")).to_be_visible()


def a_link_that_is_over(page: Page, portal: Portal) -> None:
    page.goto("/reset/nothing")


def not_found(page: Page, portal: Portal) -> None:
    page.goto("/nothing/here")


def no_groups(page: Page, portal: Portal) -> None:
    steps.enter(page, "umbra", NEIGHBOUR)
    steps.open_tab(page, "Groups")


def a_key_shown_once(page: Page, portal: Portal) -> None:
    steps.enter(page)
    steps.generate_access_key(page, "Axe")


def a_form_with_errors(page: Page, portal: Portal) -> None:
    steps.enter(page)
    page.goto("/d/acme/connection/federation/")
    page.get_by_label("Name").fill("Axe")
    for label in ("Tenant ID", "Subject", "Audiences"):
        page.get_by_label(label).fill("none")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set up a trust").click()
    expect(page.get_by_role("alert")).to_be_visible()


def in_dutch(page: Page, portal: Portal) -> None:
    steps.enter(page)
    page.get_by_role("button", name="Nederlands").click()
    steps.open_tab(page, "Koppeling", row="Pagina\N{RIGHT SINGLE QUOTATION MARK}s")


WAYS: list[Way] = [
    go, go_with_an_error, login, login_with_an_error, not_a_manager, start_again, not_found, no_groups,
    a_key_shown_once, forgot, a_link_that_is_over, a_form_with_errors, in_dutch,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_page_is_clean_and_fits(profile: Profile, portal: Portal, way: Way) -> None:
    page = watched(profile)
    way(page, portal)
    assert_clean_and_fitting(page)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_of_the_console_is_clean_and_fits(profile: Profile, console: list[str], share: int) -> None:
    page = watched(profile)
    steps.enter(page)
    walk(page, console[share::SHARES])


@pytest.mark.parametrize("share", range(SHARES))
def test_every_operators_page_is_clean_and_fits(profile: Profile, operators_pages: list[str], share: int) -> None:
    page = watched(profile)
    page.goto("/operator/")
    steps.sign_in(page, "axe@hosting.example")
    page.wait_for_url("**/operator/")
    walk(page, operators_pages[share::SHARES])


def watched(profile: Profile) -> Page:
    # The policy of the pages would keep axe itself out; another test watches the policy.
    return profile(viewport=WINDOWS["wide"], bypass_csp=True).new_page()


def walk(page: Page, addresses: list[str]) -> None:
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert_clean_and_fitting(page)


def assert_clean_and_fitting(page: Page) -> None:
    """Look at the page as it stands there, in both windows and by day and by night."""
    for window in WINDOWS.values():
        page.set_viewport_size(window)
        for scheme, rules in SCHEMES.items():
            # A colour on its way to another has the contrast of neither.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            results = Axe().run(page, options=rules)
            assert results.violations_count == 0, f"{page.url}, {window}, {scheme}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than {window}"

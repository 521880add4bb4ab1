"""Authorize, but not straight on: wrong passwords, the wrong person, back, reload, two tabs, too late, Cancel."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.company import AUDITOR, CLERK, NEIGHBOUR, OWNER, PASSWORD, behind_the_pages
from tests.browser.conftest import Profile
from tests.browser.portal import Portal
from tests.installation import Installation

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(page: Page, portal: Portal) -> Page:
    """The login page of acme, with Authorize pressed."""
    page.goto(portal.authorize_url())
    steps.go_to_domain(page)
    return page


@pytest.fixture
def suspended(here: Installation) -> Iterator[str]:
    behind_the_pages(here, "suspend('umbra')")
    yield "umbra"
    behind_the_pages(here, "resume('umbra')")


def test_after_a_wrong_password_the_right_one_still_leads_back(asked: Page, portal: Portal) -> None:
    steps.sign_in(asked, password="not my password")
    steps.expect_refused(asked)
    expect(asked.get_by_label("Username")).to_have_value(OWNER)
    expect(asked.get_by_label("Password")).to_be_empty()
    steps.sign_in(asked)
    assert "code" in steps.answer_at(portal, asked)


def test_a_name_of_another_domain_is_nobody_here(asked: Page) -> None:
    steps.sign_in(asked, NEIGHBOUR)
    steps.expect_refused(asked)


@pytest.mark.parametrize("username", [CLERK, AUDITOR])
def test_who_may_not_connect_reads_whom_to_ask(asked: Page, username: str) -> None:
    steps.sign_in(asked, username)
    steps.expect_heading(asked, "You may not do this")
    expect(asked.get_by_text(f"Your account {username} is not a manager of acme")).to_be_visible()
    expect(asked.get_by_text(f"Ask one of them to do it: {OWNER}.")).to_be_visible()


def test_the_right_person_takes_over_from_the_wrong_one(asked: Page, portal: Portal) -> None:
    steps.sign_in(asked, CLERK)
    steps.expect_heading(asked, "You may not do this")
    asked.go_back()
    steps.sign_in(asked)
    assert "code" in steps.answer_at(portal, asked)


def test_a_suspended_domain_answers_as_to_a_wrong_password(page: Page, portal: Portal, suspended: str) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page, suspended)
    steps.sign_in(page, NEIGHBOUR)
    steps.expect_refused(page)


def test_an_unknown_domain_looks_like_any_other(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page, "nobody-is-here")
    steps.sign_in(page)
    steps.expect_refused(page)


def test_a_domain_that_is_no_word_is_asked_for_again(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    page.get_by_label("Domain").fill("acme example!")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_label("Domain")).to_have_accessible_description(
        "One word, as in acme. A domain name is one word of letters, digits and hyphens, such as acme."
    )
    steps.go_to_domain(page)
    steps.sign_in(page)
    assert "code" in steps.answer_at(portal, page)


def test_back_and_another_domain_lead_back_to_the_same_portal(asked: Page, portal: Portal) -> None:
    asked.go_back()
    steps.go_to_domain(asked, "umbra")
    asked.get_by_role("link", name="Another domain").click()
    steps.go_to_domain(asked)
    steps.sign_in(asked)
    assert "code" in steps.answer_at(portal, asked)


def test_reloading_each_page_changes_nothing(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url())
    page.reload()
    steps.go_to_domain(page)
    page.reload()
    steps.sign_in(page)
    assert "code" in steps.answer_at(portal, page)


def test_two_tabs_each_return_with_their_own_answer(profile: Profile, portal: Portal) -> None:
    browser = profile()
    tabs = [browser.new_page(), browser.new_page()]
    for number, tab in enumerate(tabs):
        tab.goto(portal.authorize_url(state=f"tab {number}"))
        steps.go_to_domain(tab)
    steps.sign_in(tabs[1])
    later = steps.answer_at(portal, tabs[1])
    # Signing in changed what the forms of this browser must carry.
    steps.sign_in(tabs[0])
    steps.expect_heading(tabs[0], "This form is stale")
    tabs[0].go_back()
    steps.sign_in(tabs[0])
    earlier = steps.answer_at(portal, tabs[0])
    assert (earlier["state"], later["state"]) == ("tab 0", "tab 1")
    assert earlier["code"] != later["code"]


def test_coming_back_to_a_used_login_page_says_to_start_again(asked: Page, portal: Portal) -> None:
    login_page = asked.url
    steps.sign_in(asked)
    steps.answer_at(portal, asked)
    asked.goto(login_page)
    steps.expect_heading(asked, "Start again")
    expect(asked.get_by_text("press Authorize once more")).to_be_visible()


def test_back_from_the_portal_and_login_again_gives_no_second_code(asked: Page, portal: Portal) -> None:
    steps.sign_in(asked)
    steps.answer_at(portal, asked)
    asked.go_back()
    steps.expect_heading(asked, "Start again")


def test_after_ten_minutes_one_starts_again(asked: Page, here: Installation) -> None:
    behind_the_pages(here, "make_errands_too_old()")
    steps.sign_in(asked)
    steps.expect_heading(asked, "Start again")


def test_a_login_page_begun_in_another_browser_is_worthless(asked: Page, profile: Profile) -> None:
    stranger = profile().new_page()
    stranger.goto(asked.url)
    steps.expect_heading(stranger, "Start again")


def test_a_stale_form_is_explained(asked: Page) -> None:
    asked.context.clear_cookies()
    asked.get_by_label("Username").fill(OWNER)
    asked.get_by_label("Password").fill(PASSWORD)
    asked.get_by_role("button", name="Login", exact=True).click()
    steps.expect_heading(asked, "This form is stale")


@pytest.mark.parametrize("as_far_as", ["Go to domain", "Login"])
def test_cancel_tells_the_portal_that_access_was_denied(page: Page, portal: Portal, as_far_as: str) -> None:
    page.goto(portal.authorize_url(state="mine"))
    if as_far_as == "Login":
        steps.go_to_domain(page)
    page.get_by_role("link", name="Cancel").click()
    answer = steps.answer_at(portal, page)
    assert (answer["error"], answer["state"]) == ("access_denied", "mine")
    assert "code" not in answer


def test_a_link_of_an_unknown_application_goes_nowhere(page: Page, portal: Portal) -> None:
    page.goto(portal.authorize_url(client_id="nobody"))
    steps.expect_heading(page, "This link does not work")
    expect(page.get_by_role("textbox")).to_have_count(0)

"""A manager looks at her domain: signs in, sees people and groups, turns pages, logs out, and sees no other domain."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.company import AUDITOR, CLERK, GROUPS, NEIGHBOUR, OWNER, PEOPLE, behind_the_pages
from tests.installation import Installation

pytestmark = pytest.mark.browser


def names(page: Page, heading: str) -> list[str]:
    """Open the tab and read who is on its first page."""
    steps.open_tab(page, heading)
    return shown(page)


def shown(page: Page) -> list[str]:
    return page.get_by_role("rowheader").all_inner_texts()


def section(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading)


def test_the_front_door_asks_for_the_domain_and_leads_in(page: Page) -> None:
    page.goto("/")
    steps.go_to_domain(page)
    steps.sign_in(page)
    steps.expect_heading(page, "Acme")
    page.goto("/")
    steps.expect_heading(page, "Acme")


def test_a_manager_sees_how_many_there_are_and_who_she_is(page: Page) -> None:
    steps.enter(page)
    expect(page.get_by_role("link", name=f"{PEOPLE} users")).to_be_visible()
    expect(page.get_by_role("link", name=f"{GROUPS} groups")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(OWNER)
    expect(page.get_by_role("banner")).to_contain_text("Owner")


def test_the_tab_one_is_on_is_seen_on_a_phone_too(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    steps.enter(page)
    steps.open_tab(page, "Settings")
    tab = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings", exact=True)
    expect(tab).to_be_in_viewport(ratio=1)


def test_names_of_every_script_stand_there_as_sent(page: Page) -> None:
    steps.enter(page)
    people = "\n".join(names(page, "Users"))
    for name in ("Amara Adéyẹmí", "فاطمة حداد", "愛子 佐藤", "प्रिया शर्मा", "Thảo Nguyễn", "Ειρήνη Παπαδοπούλου"):
        assert name in people


def test_who_is_disabled_is_said_in_words(page: Page) -> None:
    steps.enter(page)
    steps.open_tab(page, "Users")
    row = section(page, "Users").get_by_role("row", name=re.compile("فاطمة حداد"))
    expect(row.get_by_role("cell", name="Disabled")).to_be_visible()


def test_every_person_is_on_one_page_just_once(page: Page) -> None:
    steps.enter(page)
    seen = names(page, "Users")
    while page.get_by_role("link", name="Next").count():
        page.get_by_role("link", name="Next").click()
        page.wait_for_function("name => !document.body.innerText.includes(name)", arg=seen[-1])
        seen += shown(page)
    assert len(seen) == len(set(seen)) == PEOPLE


def test_pages_turn_forth_and_back(page: Page) -> None:
    steps.enter(page)
    first = names(page, "Groups")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("rowheader")).to_have_count(GROUPS - 50)
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("rowheader")).to_have_text(first, use_inner_text=True)


def test_the_profile_icon_leads_to_ones_account(page: Page) -> None:
    steps.enter(page)
    page.get_by_role("banner").get_by_role("link", name="Profile").click()
    steps.expect_heading(page, "Profile")
    expect(page.get_by_role("main")).to_contain_text(OWNER)


def test_after_logging_out_back_shows_nothing(page: Page) -> None:
    steps.enter(page)
    page.get_by_role("button", name="Log out").click()
    steps.expect_heading(page, "Sign in to acme")
    page.go_back()
    steps.expect_heading(page, "Sign in to acme")


def test_the_page_of_another_domain_asks_to_sign_in_there(page: Page) -> None:
    steps.enter(page)
    page.goto("/d/umbra/")
    steps.expect_heading(page, "Sign in to umbra")
    expect(page.get_by_text(NEIGHBOUR)).to_have_count(0)


def test_the_neighbour_sees_her_own_people_only(page: Page) -> None:
    steps.enter(page, "umbra", NEIGHBOUR)
    assert names(page, "Users") == [NEIGHBOUR]
    steps.open_tab(page, "Groups")
    expect(page.get_by_text("No groups yet: assign one to the application in Entra.")).to_be_visible()


def test_an_auditor_may_look(page: Page) -> None:
    steps.enter(page, username=AUDITOR)
    steps.expect_heading(page, "Acme")


def test_who_manages_nothing_sees_nobody_and_is_told_why(page: Page) -> None:
    page.goto("/d/acme/login")
    steps.sign_in(page, CLERK)
    steps.expect_heading(page, "This page is for managers")
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_role("button", name="Log out").click()
    steps.expect_heading(page, "Sign in to acme")


def test_suspending_the_domain_ends_its_sessions(page: Page, here: Installation) -> None:
    steps.enter(page, "umbra", NEIGHBOUR)
    behind_the_pages(here, "suspend('umbra')")
    try:
        page.reload()
        steps.expect_heading(page, "Sign in to umbra")
    finally:
        behind_the_pages(here, "resume('umbra')")

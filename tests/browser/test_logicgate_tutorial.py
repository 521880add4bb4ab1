"""The LogicGate tutorial, step 2 and step 5.5 word by word: Home, Profile, Access Key, Generate Access key, and Test
Connection with the Tenant URL and the Secret Token.
"""

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser import steps
from tests.browser.company import AUDITOR, OWNER
from tests.browser.conftest import Profile
from tests.installation import Installation

pytestmark = pytest.mark.browser


def test_step_2_generates_a_key_and_step_5_5_tests_the_connection(page: Page, here: Installation) -> None:
    # 2.1 Login to the admin console. Navigate to the Home tab and click on the Profile icon over the top right corner.
    steps.enter(page)
    steps.expect_heading(page, "Acme")
    home = page.get_by_role("navigation", name="Pages").get_by_role("link", name="Home")
    expect(home).to_have_attribute("aria-current", "page")
    icon = page.get_by_role("banner").get_by_role("link", name="Profile", exact=True)
    box, window = icon.bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert box["x"] > window["width"] / 2
    assert box["y"] < 64
    icon.click()
    # 2.2 Navigate to Profile > Access Key.
    page.get_by_role("navigation", name="Profile").get_by_role("link", name="Access Key").click()
    # 2.3 Click on Generate Access key.
    page.get_by_role("link", name="Generate Access key").click()
    page.get_by_label("Name").fill("LogicGate")
    steps.type_password(page)
    page.get_by_role("button", name="Generate Access key").click()
    # 2.4 Copy and save the Access Key. This value will be entered in the Secret Token field.
    secret_token = page.get_by_label("Access Key", exact=True).input_value()
    tenant_url = page.get_by_label("Tenant URL", exact=True).input_value()
    page.get_by_role("link", name="I have stored it").click()
    # 5.5 Input your Tenant URL and Secret Token. Click Test Connection.
    assert tenant_url == f"{here.url}/scim/v2"
    found = steps.press_test_connection(tenant_url, secret_token)
    assert (found.status_code, found.json()["totalResults"]) == (200, 0)
    page.reload()
    expect(page.get_by_role("row", name="LogicGate")).to_contain_text(OWNER)
    expect(page.get_by_role("row", name="LogicGate")).to_contain_text("127.0.0.1")


def test_step_5_5_if_the_connection_fails_the_account_needs_admin_permissions(page: Page) -> None:
    steps.enter(page, username=AUDITOR)
    page.get_by_role("banner").get_by_role("link", name="Profile", exact=True).click()
    page.get_by_role("navigation", name="Profile").get_by_role("link", name="Access Key").click()
    expect(page.get_by_text(f"Ask one of them to do it: {OWNER}.")).to_be_visible()
    expect(page.get_by_role("link", name="Generate Access key")).to_have_count(0)


def test_reloading_the_page_with_the_key_makes_no_second_one(page: Page) -> None:
    steps.enter(page)
    key = steps.generate_access_key(page, "Reloaded")
    page.reload()
    expect(page.get_by_text("its key was shown then")).to_be_visible()
    expect(page.get_by_role("row", name="Reloaded")).to_have_count(1)
    assert key not in page.content()


def test_going_back_to_the_page_with_the_key_shows_it_no_more(page: Page) -> None:
    steps.enter(page)
    key = steps.generate_access_key(page, "Gone back to")
    page.get_by_role("link", name="I have stored it").click()
    steps.expect_heading(page, "Profile")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    expect(page.locator(f'[value="{key}"]')).to_have_count(0)


def test_copying_says_so_to_who_sees_and_to_who_listens(profile: Profile) -> None:
    page = profile(permissions=["clipboard-read", "clipboard-write"]).new_page()
    steps.enter(page)
    key = steps.generate_access_key(page, "Copied")
    copy = page.get_by_role("button", name="Copy Access Key")
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announced")).to_have_text("Copied")
    expect(copy).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == key
    expect(copy).to_have_text("Copy")


def test_without_javascript_the_key_can_be_read_and_nothing_pretends_to_copy(profile: Profile) -> None:
    page = profile(java_script_enabled=False).new_page()
    steps.enter(page)
    assert steps.generate_access_key(page, "Plain").startswith("slak_")
    expect(page.get_by_role("button", name="Copy Access Key")).to_have_count(0)


def test_a_key_is_generated_with_the_keyboard_alone(page: Page) -> None:
    steps.enter(page)
    for name, leads_to in (
        ("Profile", "profile/"),
        ("Access Key", "access-key/"),
        ("Generate Access key", "generate/"),
    ):
        steps.tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{leads_to}")
    steps.tab_to(page, "Name")
    page.keyboard.type("By keyboard")
    steps.tab_to(page, "Your password")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    steps.expect_heading(page, "Your new access key")
    steps.tab_to(page, "I have stored it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="By keyboard")).to_be_visible()

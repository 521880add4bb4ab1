"""What htmx adds to the pages: lists follow what is typed and turn in place, and a light turns green by itself."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.birch import Entra, enter
from tests.browser.conftest import Profile
from tests.browser.test_ways import value

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def crowd(entra: Entra) -> Entra:
    """Two who are looked for, and a page and more of others."""
    for name in ("ida", "ivo"):
        entra.user(f"{name}@htmx.example", f"{name.title()} Htmx")
    for number in range(60):
        entra.user(f"crowd{number:02}@htmx.example", f"Crowd {number:02}")
    return entra


@pytest.fixture
def users(page: Page, crowd: Entra) -> Iterator[Page]:
    """The page that lists people. It breaks no policy, and knows whether it was loaded anew."""
    assert crowd
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    enter(page)
    steps.open_tab(page, "Users")
    page.evaluate("window.isTheSame = true")
    yield page
    assert said == []


def is_the_same(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSame === true"))


def test_a_list_follows_what_is_typed_and_so_does_the_address(users: Page) -> None:
    users.get_by_role("searchbox").press_sequentially("ida h")
    expect(users.get_by_role("rowheader")).to_have_text(["Ida Htmx ida@htmx.example"])
    expect(users).to_have_url(re.compile("[?&]q=ida"))
    expect(users.get_by_role("searchbox")).to_be_focused()
    expect(users.locator("#announced")).to_have_text("1 shown")
    expect(users.get_by_role("link", name="Export as CSV")).to_have_attribute("href", re.compile("q=ida"))
    assert is_the_same(users)
    users.get_by_role("link", name="Show all").click()
    expect(users.get_by_role("rowheader")).to_have_count(50)


def test_a_filter_is_applied_when_it_is_chosen(users: Page) -> None:
    users.get_by_label("Status").select_option(label="Disabled")
    expect(users).to_have_url(re.compile("[?&]status=[a-z]"))
    expect(users.get_by_role("row").filter(has_text="Ida Htmx")).to_have_count(0)
    assert is_the_same(users)


def test_from_a_person_back_leads_to_what_was_found(users: Page) -> None:
    users.get_by_role("searchbox").press_sequentially("ivo h")
    expect(users.get_by_role("rowheader")).to_have_count(1)
    users.get_by_role("link", name="Ivo Htmx").click()
    expect(users.get_by_role("heading", level=1)).to_contain_text("Ivo Htmx")
    users.go_back()
    expect(users.get_by_role("rowheader")).to_have_text(["Ivo Htmx ivo@htmx.example"])
    expect(users.get_by_role("searchbox")).to_have_value("ivo h")


def test_a_list_turns_in_place_and_back_turns_it_back(users: Page) -> None:
    first = users.get_by_role("rowheader").first.text_content()
    users.get_by_role("link", name="Next").click()
    expect(users.get_by_role("rowheader").first).not_to_have_text(first or "")
    assert is_the_same(users)
    kept = users.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "Crowd" not in kept, "a page of people stays in no browser"
    users.go_back()
    expect(users.get_by_role("rowheader").first).to_have_text(first or "")


def test_a_session_that_is_over_leads_to_the_login_page(users: Page) -> None:
    users.context.clear_cookies()
    users.get_by_role("searchbox").press_sequentially("i")
    expect(users.get_by_label("Password")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_light_turns_green_by_itself(profile: Profile, javascript: bool) -> None:  # noqa: FBT001  # with it, and without
    page = profile(java_script_enabled=javascript).new_page()
    steps.enter(page)
    name = f"Watched {javascript}"
    key, tenant_url = steps.generate_access_key(page, name), value(page, "Tenant URL")
    page.get_by_role("link", name="I have stored it").click()
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Wait for it on this page").click()
    test = page.get_by_role("region", name="Entra's test call")
    expect(test).to_contain_text("Waiting")
    if javascript:
        page.evaluate("window.isTheSame = true")
    assert steps.press_test_connection(tenant_url, key).status_code == 200
    expect(test).to_contain_text("Seen and answered")
    expect(page.locator("div", has=page.get_by_role("term").get_by_text("Last used"))).not_to_contain_text("Never")
    if javascript:
        assert is_the_same(page)
        expect(page.locator("#announced")).to_have_text("Entra has tested the connection.")

"""What htmx adds to the pages: lists follow what is typed and turn in place, and a light turns green by itself."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.birch import Entra, enter, removed
from tests.browser.company import PASSWORD
from tests.browser.conftest import Profile
from tests.browser.steps import value
from tests.browser.test_accessibility import assert_clean_and_fitting
from tests.installation import Installation

pytestmark = pytest.mark.browser

OPERATOR = "hedda@hosting.example"
IDA = ["Ida Htmx ida@htmx.example"]


@pytest.fixture(scope="session")
def crowd(entra: Entra) -> Entra:
    """Two who are looked for, and a page and more of others; a group too, and somebody and a group in the trash."""
    for name in ("ida", "ivo"):
        entra.user(f"{name}@htmx.example", f"{name.title()} Htmx")
    for number in range(60):
        entra.user(f"crowd{number:02}@htmx.example", f"Crowd {number:02}")
    entra.group("Sought by htmx")
    removed(entra, "htmx")
    return entra


@pytest.fixture(scope="session")
def operator(here: Installation) -> str:
    here.facts("create_operator", OPERATOR, "--password-stdin", typed=PASSWORD)
    return OPERATOR


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page that breaks no policy, neither its own nor a script's."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


@pytest.fixture
def users(watched: Page, crowd: Entra) -> Page:
    """The page that lists people. It knows whether it was loaded anew."""
    assert crowd
    enter(watched)
    steps.open_tab(watched, "Users")
    watched.evaluate("window.isTheSame = true")
    return watched


def is_the_same(page: Page) -> bool:
    return bool(page.evaluate("window.isTheSame === true"))


def found(page: Page) -> Locator:
    return page.get_by_role("rowheader")


def test_a_list_follows_what_is_typed_and_so_does_the_address(users: Page) -> None:
    users.get_by_role("searchbox").press_sequentially("ida h")
    expect(found(users)).to_have_text(IDA)
    expect(users).to_have_url(re.compile("[?&]q=ida%20h"))
    expect(users.get_by_role("searchbox")).to_be_focused()
    expect(users.locator("#announced")).to_have_text("1 shown")
    expect(users.get_by_role("link", name="Export as CSV")).to_have_attribute("href", re.compile("q=ida"))
    assert is_the_same(users)
    users.get_by_role("link", name="Show all").click()
    expect(found(users)).to_have_count(50)


def test_back_restores_the_list_that_was_there_before(users: Page) -> None:
    users.get_by_role("searchbox").fill("ida h")
    expect(found(users)).to_have_text(IDA)
    users.keyboard.press("Enter")  # the same again is no step of its own
    expect(users.locator("form.htmx-request")).to_have_count(0)
    users.go_back()
    expect(users).to_have_url(re.compile("/users/$"))
    expect(found(users)).to_have_count(50)
    expect(users.get_by_role("searchbox")).to_have_value("")
    users.go_forward()
    expect(found(users)).to_have_text(IDA)
    expect(users.get_by_role("searchbox")).to_have_value("ida h")


def test_a_filter_is_applied_when_it_is_chosen(users: Page) -> None:
    users.get_by_label("Status").select_option(label="Disabled")
    expect(users).to_have_url(re.compile("[?&]status=[a-z]"))
    expect(users.get_by_role("row").filter(has_text="Ida Htmx")).to_have_count(0)
    assert is_the_same(users)
    users.go_back()
    expect(users.get_by_label("Status")).to_have_value("")
    expect(found(users)).to_have_count(50)


@pytest.mark.parametrize(
    "address, typed, left",
    [
        ("groups/", "sought", ["Sought by htmx"]),
        ("trash/", "anna@htmx", ["anna@htmx.example"]),
        ("log/", "ivo", ["Ivo Htmx"]),
    ],
)
def test_every_list_follows(users: Page, address: str, typed: str, left: list[str]) -> None:
    users.goto(f"/d/birch/{address}")
    users.evaluate("window.isTheSame = true")
    users.get_by_role("searchbox").fill(typed)
    expect(users).to_have_url(re.compile(f"[?&](q|whom)={quote(typed)}"))
    rows = users.locator("#results tbody tr:has(a)")
    expect(rows).to_have_count(len(left))
    for row, words in zip(rows.all(), left, strict=True):
        expect(row).to_contain_text(words)
    expect(users.locator("#announced")).to_have_text("1 shown")
    expect(users.get_by_role("searchbox")).to_be_focused()
    assert is_the_same(users)


@pytest.mark.parametrize(
    "address, label, choice, gone",
    [("trash/", "Kind", "Groups", "anna@htmx.example"), ("log/", "Result", "Failed", "Crowd 59")],
)
def test_every_filter_is_applied(users: Page, address: str, label: str, choice: str, gone: str) -> None:
    users.goto(f"/d/birch/{address}")
    expect(users.locator("#results")).to_contain_text(gone)
    users.evaluate("window.isTheSame = true")
    users.get_by_label(label, exact=True).select_option(label=choice)
    expect(users.locator("#results")).not_to_contain_text(gone)
    assert is_the_same(users)


def test_the_log_turns_to_what_is_older_and_back(users: Page) -> None:
    users.goto("/d/birch/log/")
    users.evaluate("window.isTheSame = true")
    users.get_by_role("link", name="Older").click()
    users.get_by_role("link", name="Newer").click()
    expect(users).to_have_url(re.compile("[?&]after="))
    assert is_the_same(users)


def test_an_operators_domains_follow(watched: Page, operator: str, crowd: Entra) -> None:
    assert crowd
    watched.goto("/operator/")
    steps.sign_in(watched, operator)
    watched.wait_for_url("**/operator/")
    watched.evaluate("window.isTheSame = true")
    watched.get_by_role("searchbox").press_sequentially("birc")
    expect(found(watched)).to_have_count(1)
    expect(found(watched)).to_contain_text("birch")
    expect(watched).to_have_url(re.compile("[?&]q=birc$"))
    expect(watched.get_by_role("searchbox")).to_be_focused()
    expect(watched.locator("#announced")).to_have_text("1 shown")
    assert is_the_same(watched)


def test_an_operators_logbook_follows(watched: Page, operator: str, here: Installation) -> None:
    for endpoint in ("Users", "Groups"):
        assert requests.get(f"{here.url}/scim/v2/{endpoint}/of-a-stranger", timeout=10).status_code == 401
    watched.goto("/operator/")
    steps.sign_in(watched, operator)
    watched.wait_for_url("**/operator/")
    watched.get_by_role("link", name="Logbook").click()
    watched.get_by_role("link", name="What was refused").click()
    strangers = found(watched).filter(has_text="of-a-stranger")
    for _ in range(100):  # lines of refusals are written in batches, behind the answer
        if strangers.count() == 2:
            break
        watched.wait_for_timeout(100)
        watched.reload()
    expect(strangers).to_have_count(2)
    watched.evaluate("window.isTheSame = true")
    watched.get_by_role("searchbox").press_sequentially("groups/of-a")
    expect(found(watched)).to_have_count(1)
    expect(found(watched)).to_contain_text("GET /scim/v2/Groups/of-a-stranger")
    expect(watched).to_have_url(re.compile("/operator/log/refused/[?]q=groups%2Fof-a$"))
    expect(watched.locator("#announced")).to_have_text("1 shown")
    assert is_the_same(watched)
    watched.go_back()
    expect(strangers).to_have_count(2)


def test_without_javascript_the_same_is_found_with_a_button(profile: Profile, crowd: Entra) -> None:
    assert crowd
    page = profile(java_script_enabled=False).new_page()
    enter(page)
    steps.open_tab(page, "Users")
    page.get_by_role("searchbox").fill("ida h")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("[?&]q=ida"))
    expect(found(page)).to_have_text(IDA)
    page.go_back()
    expect(found(page)).to_have_count(50)
    page.get_by_label("Status").select_option(label="Disabled")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("[?&]status=disabled"))
    expect(page.get_by_role("row").filter(has_text="Ida Htmx")).to_have_count(0)


def test_what_htmx_left_of_a_page_is_clean_and_fits(profile: Profile, crowd: Entra) -> None:
    assert crowd
    page = profile(bypass_csp=True).new_page()
    enter(page)
    page.goto("/d/birch/users/")
    for typed, heads in (("ida h", 1), ("nobody at all", 0)):
        page.get_by_role("searchbox").fill(typed)
        expect(found(page)).to_have_count(heads)
        assert_clean_and_fitting(page)


def test_from_a_person_back_leads_to_what_was_found(users: Page) -> None:
    users.get_by_role("searchbox").press_sequentially("ivo h")
    expect(found(users)).to_have_count(1)
    users.get_by_role("link", name="Ivo Htmx").click()
    expect(users.get_by_role("heading", level=1)).to_contain_text("Ivo Htmx")
    users.go_back()
    expect(found(users)).to_have_text(["Ivo Htmx ivo@htmx.example"])
    expect(users.get_by_role("searchbox")).to_have_value("ivo h")


def test_a_list_turns_in_place_and_back_turns_it_back(users: Page) -> None:
    first = found(users).first.text_content()
    users.get_by_role("link", name="Next").click()
    expect(found(users).first).not_to_have_text(first or "")
    assert is_the_same(users)
    kept = users.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "Crowd" not in kept, "a page of people stays in no browser"
    users.go_back()
    expect(found(users).first).to_have_text(first or "")


def test_a_session_that_is_over_leads_to_the_login_page(users: Page) -> None:
    users.context.clear_cookies()
    users.get_by_role("searchbox").press_sequentially("i")
    expect(users.get_by_label("Password")).to_be_visible()


def test_the_light_turns_green_by_itself(watched: Page) -> None:
    test = until_it_is_green(watched, "Watched")
    assert is_the_same(watched)
    expect(test).to_contain_text("Seen and answered")
    expect(watched.locator("#announced")).to_have_text("Entra has tested the connection.")


def test_without_javascript_the_light_turns_green_too(profile: Profile) -> None:
    until_it_is_green(profile(java_script_enabled=False).new_page(), "Watched plainly")


def until_it_is_green(page: Page, name: str) -> Locator:
    steps.enter(page)
    key, tenant_url = steps.generate_access_key(page, name), value(page, "Tenant URL")
    page.get_by_role("link", name="I have stored it").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Wait for it on this page").click()
    test = page.get_by_role("region", name="Entra's test call")
    expect(test).to_contain_text("Waiting")
    page.evaluate("window.isTheSame = true")
    assert steps.press_test_connection(tenant_url, key).status_code == 200
    expect(test).to_contain_text("Seen and answered")
    expect(page.locator("div", has=page.get_by_role("term").get_by_text("Last used"))).not_to_contain_text("Never")
    return test

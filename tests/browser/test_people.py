"""Managers follow people: search, profile, timeline, trash. Why somebody was removed is three clicks away."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.birch import Entra, enter, removed
from tests.browser.conftest import Profile
from tests.browser.test_accessibility import walk, watched

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_why_somebody_was_removed_is_three_clicks_from_home(profile: Profile, entra: Entra, javascript: bool) -> None:  # noqa: FBT001  # with it, and without
    name = f"three{javascript}".lower()
    removed(entra, name)
    page = profile(java_script_enabled=javascript).new_page()
    enter(page)
    steps.open_tab(page, "Users")
    page.get_by_role("main").get_by_role("link", name="Trash").click()
    page.get_by_role("link", name=f"anna@{name}.example", exact=True).click()
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Deleted", exact=True))
    expect(entry).to_contain_text("Microsoft Entra ID")
    expect(entry.get_by_role("time")).to_be_visible()


def test_a_trashed_group_comes_back_with_its_members(page: Page, entra: Entra) -> None:
    anna, bob, group = removed(entra, "back")
    enter(page)
    page.goto("/d/birch/trash/?kind=Group&q=team back")
    page.get_by_role("link", name="Restore Team back").click()
    expect(page.get_by_role("main")).to_contain_text("1 membership comes back. Bob back")
    expect(page.get_by_role("main")).to_contain_text("anna@back.example")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("status").first).to_contain_text("Team back is back, with the same id.")
    expect(page.get_by_role("rowheader")).to_have_text(["Bob back bob@back.example"])
    assert entra.call("GET", f"/Groups/{group}")["members"][0]["value"] == bob
    page.goto(f"/d/birch/trash/{anna}/restore/")
    page.get_by_role("button", name="Restore").click()
    expect(page).to_have_url(f"**/users/{anna}/".replace("**", page.url.split("/d/")[0] + "/d/birch"))


def test_somebody_is_found_with_the_keyboard_alone(page: Page, entra: Entra) -> None:
    entra.user("kim@keys.example", "Kim Keys")
    enter(page)
    steps.open_tab(page, "Users")
    steps.tab_to(page, "Search")
    page.keyboard.type("kim k")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=kim%20k**")
    steps.tab_to(page, "Kim Keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kim Keys")
    steps.tab_to(page, "Timeline")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Created")).to_be_visible()


def test_scim_is_copied_with_a_button(profile: Profile, entra: Entra) -> None:
    user = entra.user("copy@scim.example", "Copy")
    page = profile(permissions=["clipboard-read", "clipboard-write"]).new_page()
    enter(page)
    page.goto(f"/d/birch/users/{user}/scim/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert '"userName": "copy@scim.example"' in page.evaluate("navigator.clipboard.readText()")


def test_what_a_timeline_and_a_full_trash_show_is_clean_and_fits(profile: Profile, entra: Entra) -> None:
    anna, bob, group = removed(entra, "axe")
    street = [{"type": "work", "streetAddress": "Keizersgracht 1", "postalCode": "1015 CJ"}]
    carl = entra.user("carl@axe.example", "Carl", addresses=street)
    operation = {"op": "replace", "path": "displayName", "value": "A " + "longish " * 12}
    entra.call(
        "PATCH",
        f"/Users/{bob}",
        {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]},
    )
    page = watched(profile)
    enter(page)
    timelines = [f"users/{bob}/timeline/", f"users/{anna}/timeline/", f"groups/{group}/timeline/"]
    lists = ["trash/", f"trash/{group}/restore/", "users/?q=nobody", "users/?status=nonsense", "log/?cause=SL-MISSING"]
    walk(page, [f"/d/birch/{address}" for address in (f"users/{carl}/", *timelines, *lists)])

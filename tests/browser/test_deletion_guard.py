"""The deletion guard holds a mass removal; a manager sees it on whatever page she opens, and releases it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.company import PASSWORD
from tests.browser.conftest import Profile
from tests.browser.test_accessibility import assert_clean_and_fitting, watched
from tests.installation import Installation

pytestmark = pytest.mark.browser

DOMAIN, OWNER, MAY_GO = "guarded", "gerda@guarded.example", 3


@pytest.fixture(scope="session")
def _domain(here: Installation) -> None:
    """Make a domain of its own, for the others count their people."""
    here.facts("create_domain", DOMAIN, "--display-name", "Guarded")
    here.facts("create_manager", DOMAIN, OWNER, "--password-stdin", typed=PASSWORD)


@pytest.fixture
def key(here: Installation, _domain: None) -> str:
    here.facts("revoke_connections", DOMAIN)
    here.facts("set_guard", DOMAIN, "--most", str(MAY_GO), "--newcomer-hours", "0")
    return str(here.facts("create_key", DOMAIN)["access_key"])


def remove_everybody(here: Installation, key: str, ids: list[str]) -> list[int]:
    """Disable all, as Entra does when the scope of its assignment has been emptied."""
    off = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    return [here.scim(key, "PATCH", f"/Users/{one}", off).status_code for one in ids]


def test_a_mass_removal_is_held_and_the_manager_releases_it(
    page: Page, profile: Profile, here: Installation, key: str
) -> None:
    names = [f"person{number}@guarded.example" for number in range(8)]
    ids = [here.scim(key, "POST", "/Users", {"userName": name}).json()["id"] for name in names]
    assert remove_everybody(here, key, ids) == [200] * MAY_GO + [503] * 5

    steps.enter(page, DOMAIN, OWNER)
    expect(page.get_by_text("The deletion guard holds removals (users 5, groups 0)").first).to_be_visible()
    page.get_by_role("link", name="See and decide").click()
    steps.expect_heading(page, "Deletion guard")
    assert page.get_by_role("rowheader").count() == 5
    expect(page.get_by_role("rowheader", name=names[-1])).to_be_visible()
    _look_at_it(profile)
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Released. Entra comes again by itself")).to_be_visible()

    assert remove_everybody(here, key, ids) == [200] * 8
    page.get_by_role("button", name="Guard again").click()
    expect(page.get_by_text("The guard counts anew, from nought.")).to_be_visible()
    expect(page.get_by_text("Watching")).to_be_visible()


def _look_at_it(profile: Profile) -> None:
    """See that the page is clean and fits while it has all to show."""
    page = watched(profile)
    steps.enter(page, DOMAIN, OWNER)
    page.get_by_role("link", name="See and decide").click()
    assert_clean_and_fitting(page)


def test_the_thresholds_are_set_and_everything_is_disconnected_by_name(
    page: Page, here: Installation, key: str
) -> None:
    steps.enter(page, DOMAIN, OWNER)
    steps.open_tab(page, "Settings")
    page.get_by_role("region", name="General").get_by_role("link", name="Change").click()
    page.get_by_label("Users that may go").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("7, or 10 %, whichever is less")).to_be_visible()
    page.get_by_role("link", name="Disconnect everything").click()
    page.get_by_label("Name of the domain").fill("acme")
    page.get_by_role("button", name="Disconnect everything").click()
    expect(page.get_by_text("Type guarded, exactly as it stands here.")).to_be_visible()
    page.get_by_label("Name of the domain").fill(DOMAIN)
    page.get_by_role("button", name="Disconnect everything").click()
    expect(page.get_by_text("1 connection is revoked.")).to_be_visible()
    assert here.scim(key, "GET", "/Users").status_code == 401

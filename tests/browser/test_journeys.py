"""The journeys that people make most, each from its first page to its last. Which test makes which:

| Journey | Test |
|---|---|
| J1 Authorize from Entra, over two pages | `test_tutorial.py::test_authorize_leads_over_two_pages_back_with_a_code` |
| J1 and Test Connection | `test_tutorial.py::test_the_code_becomes_a_connection_that_test_connection_likes` |
| J2 an access key | `test_logicgate_tutorial.py::test_step_2_generates_a_key_and_step_5_5_tests_the_connection` |
| J3 a trust in a workload identity | `test_ways.py::test_federation_from_the_card_to_test_connection` |
| J4 why Anna was removed | `test_people.py::test_why_somebody_was_removed_is_three_clicks_from_home` |
| J5 a client secret is rotated | `test_journeys.py::test_j5_a_client_secret_is_rotated_without_a_failed_call` |
| J5 an access key is rotated | `test_journeys.py::test_j5_an_access_key_is_rotated_without_a_failed_call` |
| J6 a group comes back from the trash | `test_people.py::test_a_trashed_group_comes_back_with_its_members` |
| J7 a colleague is invited in Dutch | `test_managers.py::test_a_colleague_is_invited_in_dutch` |
| J8 a mass removal is held | `test_deletion_guard.py::test_a_mass_removal_is_held_and_the_manager_releases_it` |
| J9 J1 without JavaScript | `test_plain_ways.py::test_authorize_works_without_javascript` |
| J9 J1 with the keyboard | `test_plain_ways.py::test_authorize_works_with_the_keyboard_alone` |
| J9 J4 without JavaScript | `test_people.py::test_why_somebody_was_removed_is_three_clicks_from_home` |
| J9 J4 with the keyboard | `test_journeys.py::test_j9_why_somebody_was_removed_is_found_with_the_keyboard_alone` |

`tests/docs/test_journeys_table.py` holds the table against the tests. A second factor is in no journey yet.
"""

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.birch import Entra, enter, removed
from tests.browser.steps import value
from tests.browser.syncing import syncing

pytestmark = pytest.mark.browser


def test_j5_a_client_secret_is_rotated_without_a_failed_call(page: Page) -> None:
    steps.create_client(page, "Rotated")
    client, secrets = value(page, "Client Identifier"), [value(page, "Client Secret")]
    endpoint, tenant_url = value(page, "Token Endpoint"), value(page, "Tenant URL")
    with syncing(tenant_url, lambda: steps.fetch_token(endpoint, client, secrets[-1])) as sync:
        sync.goes_on()
        page.get_by_role("link", name="I have stored it").click()
        page.get_by_role("link", name="Add a secret").click()
        steps.type_password(page)
        page.get_by_role("button", name="Add a secret").click()
        new = value(page, "Client Secret")
        sync.goes_on()
        secrets.append(new)  # as an admin enters it in Entra
        sync.goes_on()
        page.get_by_role("link", name="I have stored it").click()
        secrets_table = page.get_by_role("region", name="Client secrets")
        secrets_table.get_by_role("link", name="End").last.click()
        expect(page.get_by_text("The other secret goes on.")).to_be_visible()
        page.get_by_role("button", name="End it").click()
        steps.expect_heading(page, "Rotated")
        sync.goes_on()
    assert set(sync.statuses) == {200}
    refused = requests.post(endpoint, {"grant_type": "client_credentials"}, auth=(client, secrets[0]), timeout=10)
    assert refused.status_code == 401


def test_j5_an_access_key_is_rotated_without_a_failed_call(page: Page) -> None:
    steps.enter(page)
    keys = [steps.generate_access_key(page, "Key that turns")]
    with syncing(value(page, "Tenant URL"), lambda: keys[-1]) as sync:
        sync.goes_on()
        page.get_by_role("link", name="I have stored it").click()
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Key that turns"))
        row.get_by_role("link", name="Rotate").click()
        steps.type_password(page)
        page.get_by_role("button", name="Generate the new key").click()
        new = page.get_by_label("Access Key", exact=True).input_value()
        sync.goes_on()
        keys.append(new)
        sync.goes_on()
        page.get_by_role("link", name="I have stored it").click()
        row.filter(has_text=keys[0][:10]).get_by_role("link", name="Revoke").click()
        page.get_by_role("button", name="Revoke").click()
        sync.goes_on()
    assert set(sync.statuses) == {200}
    assert steps.press_test_connection(sync.tenant_url, keys[0]).status_code == 401


def test_j9_why_somebody_was_removed_is_found_with_the_keyboard_alone(page: Page, entra: Entra) -> None:
    removed(entra, "keys")
    enter(page)
    for words in ("Users", "Trash", "anna@keys.example"):
        steps.tab_to(page, words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Deleted", exact=True)).to_be_visible()

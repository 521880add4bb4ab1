"""The other ways in, from the console to a token that Test Connection likes; and the life of a connection."""

import pytest
import requests
from playwright.sync_api import Page, expect

from entra.issuer import Issuer, published
from tests.browser import steps
from tests.browser.steps import value
from tests.installation import Installation

pytestmark = pytest.mark.browser

TENANT, SUBJECT, APPLICATION = (f"{digit * 8}-1111-4222-8333-444455556666" for digit in "abc")
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def test_client_credentials_from_the_card_to_test_connection(page: Page, here: Installation) -> None:
    steps.create_client(page, "Client of the tests")
    credentials = value(page, "Client Identifier"), value(page, "Client Secret")
    token = steps.fetch_token(value(page, "Token Endpoint"), *credentials)
    found = steps.press_test_connection(value(page, "Tenant URL"), token)
    assert found.status_code == 200
    page.get_by_role("link", name="I have stored it").click()
    steps.expect_heading(page, "Client of the tests")


def test_federation_from_the_card_to_test_connection(page: Page, here: Installation) -> None:
    with published(Issuer(TENANT, SUBJECT, f"api://{APPLICATION}")) as entra:
        steps.enter(page)
        steps.open_tab(page, "Connection")
        page.get_by_role("link", name="Set up a trust").click()
        page.get_by_label("Name").fill("Trust of the tests")
        page.get_by_label("Tenant ID").fill(TENANT)
        page.get_by_label("Issuer").fill(entra.name)
        page.get_by_label("Subject").fill(SUBJECT)
        page.get_by_label("Audiences").fill(f"api://{APPLICATION}")
        steps.type_password(page)
        page.get_by_role("button", name="Set up a trust").click()
        expect(page.get_by_text("The trust is set up.")).to_be_visible()
        wrong = _present(page, entra.assertion(sub=APPLICATION))
        assert wrong.status_code == 401
        page.reload()
        expect(page.get_by_role("row", name="Subject")).to_contain_text("Wrong")
        expect(page.get_by_role("row", name="Subject")).to_contain_text(APPLICATION)
        page.get_by_role("link", name="Check a token").click()
        tokens = {"does not accept": entra.assertion(sub=APPLICATION), "accepts": entra.assertion()}
        for verdict, assertion in tokens.items():
            page.get_by_label("Token").fill(assertion)
            page.get_by_role("button", name="Check a token").click()
            expect(page.get_by_role("status").first).to_contain_text(f"This trust {verdict} the token.")
            expect(page.get_by_label("Token")).to_have_value("")
        page.get_by_role("link", name="Trust of the tests").click()
        token = _present(page, entra.assertion()).json()["access_token"]
        assert steps.press_test_connection(value(page, "Tenant URL"), token).status_code == 200


def _present(page: Page, assertion: str) -> requests.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": value(page, "Client Identifier"),
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
    }
    return requests.post(value(page, "Token Endpoint"), form, timeout=10)


def test_pausing_resuming_and_revoking_a_connection(page: Page, here: Installation) -> None:
    steps.enter(page)
    key = steps.generate_access_key(page, "Paused and revoked")
    tenant_url = value(page, "Tenant URL")
    steps.open_tab(page, "Connection")
    page.get_by_role("link", name="Paused and revoked").click()
    page.get_by_role("link", name="Pause").click()
    expect(page.get_by_text("is answered with 503 until you resume it")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The connection is paused.")).to_be_visible()
    assert steps.press_test_connection(tenant_url, key).status_code == 503
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("The connection goes on.")).to_be_visible()
    assert steps.press_test_connection(tenant_url, key).status_code == 200
    page.get_by_role("region", name="End it").get_by_role("link", name="Revoke").click()
    expect(page.get_by_text("ends at once and for good")).to_be_visible()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("is revoked. It cannot be brought back.")).to_be_visible()
    assert steps.press_test_connection(tenant_url, key).status_code == 401


def test_no_page_of_the_console_breaks_its_own_policy(page: Page, console: list[str]) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    steps.enter(page)
    for address in console:
        page.goto(address)
    steps.generate_access_key(page, "Within the policy")
    assert said == []


def test_the_language_is_chosen_at_the_foot_of_a_page(page: Page) -> None:
    page.goto("/go")
    page.get_by_role("button", name="Nederlands").click()
    steps.expect_heading(page, "Ga naar domein")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.get_by_role("button", name="English").click()
    steps.expect_heading(page, "Go to domain")

"""An owner invites a colleague in Dutch; somebody has forgotten her password; an operator makes a domain."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.company import PASSWORD
from tests.browser.conftest import Profile
from tests.browser.mailbox import Mailbox, link_in
from tests.browser.portal import Portal
from tests.installation import Installation

pytestmark = pytest.mark.browser

OPERATOR = "olga@hosting.example"
CHOSEN = "purple monkey dishwasher"


@pytest.fixture(scope="session")
def globex(here: Installation) -> str:
    """A domain of these tests' own, with an owner: others count who is in acme. Returns her name."""
    here.facts("create_domain", "globex", "--display-name", "Globex")
    owner = "hank@globex.example"
    here.facts("create_manager", "globex", owner, "--password-stdin", typed=PASSWORD)
    return owner


@pytest.fixture(scope="session")
def operator(here: Installation) -> str:
    here.facts("create_operator", OPERATOR, "--password-stdin", typed=PASSWORD)
    return OPERATOR


def choose(page: Page, label: str, button: str) -> None:
    page.get_by_label(label).fill(CHOSEN)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_colleague_is_invited_in_dutch(profile: Profile, mailbox: Mailbox, globex: str, script: bool) -> None:  # noqa: FBT001  # a parameter of the test
    ben = f"ben{int(script)}@globex.example"
    page = profile(locale="nl-NL", java_script_enabled=script).new_page()
    page.goto("/d/globex/login")
    page.get_by_label("Gebruikersnaam").fill(globex)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("link", name="Beheerders", exact=True).click()
    page.get_by_role("link", name="Beheerder uitnodigen").click()
    page.get_by_label("E-mailadres").fill(ben)
    page.get_by_label("Rol").select_option("connector")
    page.get_by_role("combobox", name="Taal").select_option("nl")
    page.get_by_label("Je wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Uitnodiging versturen").click()
    expect(page.get_by_role("status").first).to_contain_text(f"onderweg naar {ben}")
    mail = mailbox.newest_to(ben)
    assert "nodigt je uit om Globex" in mail.get_content()
    his = profile(locale="en-GB", java_script_enabled=script).new_page()
    his.goto(link_in(mail))
    steps.expect_heading(his, "Kies een wachtwoord")
    choose(his, "Nieuw wachtwoord", "Wachtwoord instellen")
    steps.sign_in(his, ben, CHOSEN)
    steps.expect_heading(his, "Globex")
    expect(his.get_by_role("navigation").first).to_contain_text("Gebruikers")
    page.reload()
    expect(page.get_by_role("row", name=ben)).to_contain_text("Koppelaar")


def test_a_forgotten_password_on_the_way_from_entra_leads_back_there(
    page: Page, portal: Portal, here: Installation, mailbox: Mailbox, globex: str
) -> None:
    page.goto(portal.authorize_url())
    steps.go_to_domain(page, "globex")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Username").fill(globex)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("status")).to_contain_text("a mail with a link is on its way")
    page.goto(link_in(mailbox.newest_to(globex)))
    choose(page, "New password", "Set the password")
    expect(page.get_by_role("status")).to_contain_text("Your password is set.")
    try:
        steps.sign_in(page, globex, CHOSEN)
        assert "code" in steps.answer_at(portal, page)
    finally:
        here.manage(
            "shell",
            "--no-imports",
            "-c",
            f"from tests.browser import backstage; backstage.give_password('globex', {globex!r}, {PASSWORD!r})",
        )


def test_an_operator_makes_a_domain_and_deletes_it(page: Page, mailbox: Mailbox, operator: str) -> None:
    page.goto("/operator/")
    steps.sign_in(page, operator)
    steps.expect_heading(page, "Domains")
    page.get_by_role("link", name="Create a domain").click()
    page.get_by_label("Name", exact=True).fill("hooli")
    page.get_by_label("Display name").fill("Hooli Inc")
    page.get_by_label("E-mail address of the owner").fill("gavin@hooli.example")
    steps.type_password(page)
    page.get_by_role("button", name="Create a domain").click()
    steps.expect_heading(page, "hooli")
    assert "as Owner" in mailbox.newest_to("gavin@hooli.example").get_content()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Type the name of the domain").fill("hooli")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("To be deleted")).to_be_visible()
    page.get_by_role("button", name="Cancel the deletion").click()
    expect(page.get_by_text("Suspended", exact=True)).to_be_visible()

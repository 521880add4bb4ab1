"""One installation, one portal and one Chromium for all the browser tests; a fresh browser profile for each."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.addresses import FORMS_WITHOUT_A_PAGE
from tests.browser import birch
from tests.browser.company import PASSWORD, move_in
from tests.browser.mailbox import Mailbox, open_mailbox
from tests.browser.portal import Portal, open_portal
from tests.installation import Installation, Shape, running

OPTIONS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # Nothing beyond this machine can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PATIENCE = 10_000  # milliseconds

Profile = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory, template: str, mailbox: Mailbox) -> Iterator[Installation]:
    shape = Shape(environment={"MAIL_URL": mailbox.url, "MAIL_FROM": "no-reply@hosting.example"})
    with running(tmp_path_factory.mktemp("installation"), template, shape) as installation:
        move_in(installation)
        yield installation


@pytest.fixture(scope="session")
def entra(here: Installation) -> birch.Entra:
    made = birch.Entra(here)
    here.facts("create_manager", "birch", birch.OWNER, "--password-stdin", typed=PASSWORD)
    return made


@pytest.fixture(scope="session")
def portal(here: Installation) -> Iterator[Portal]:
    with open_portal() as opened:
        client = here.facts("create_client", "--redirect-uri", opened.redirect_uri)
        opened.client_id, opened.secret = client["client_id"], client["client_secret"]
        opened.authorize_endpoint = client["authorization_url"]
        yield opened


@pytest.fixture(scope="session")
def console(here: Installation) -> list[str]:
    """The address of every page of acme's console that one can open, with a connection of each kind to be seen."""
    printed = here.manage(
        "shell", "--no-imports", "-c", "from tests.browser import backstage; backstage.furnish_acme()"
    )
    addresses: list[str] = json.loads(printed.splitlines()[-1])
    return [address for address in addresses if not address.endswith(FORMS_WITHOUT_A_PAGE)]


@pytest.fixture(scope="session")
def operators_pages(here: Installation) -> list[str]:
    """The address of every operators' page that one can open, about acme, and an operator to open them."""
    here.facts("create_operator", "axe@hosting.example", "--password-stdin", typed=PASSWORD)
    printed = here.manage("shell", "--no-imports", "-c", "from tests.browser import backstage; backstage.tour()")
    addresses: list[str] = json.loads(printed.splitlines()[-1])
    return [address for address in addresses if not address.endswith(FORMS_WITHOUT_A_PAGE)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Chromium cannot build its sandbox as root, which is who runs tests in a container.
    options = [*OPTIONS, "--no-sandbox"] if os.geteuid() == 0 else OPTIONS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        yield browser
        browser.close()


@pytest.fixture
def profile(chromium: Browser, here: Installation) -> Iterator[Profile]:
    """Make browser profiles that know nothing of each other; options are Playwright's for a context."""
    opened: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        context = chromium.new_context(base_url=here.url, **options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def page(profile: Profile) -> Page:
    return profile().new_page()

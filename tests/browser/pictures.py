"""`make pictures`: every page in light and dark, wide and on a phone, on one sheet each, into docs/pictures/pages/.

No test, and found by no test run; but it opens the pages as the tests do, with their fixtures. `ONLY=home,log` takes
these alone.
"""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests.addresses import FORMS_WITHOUT_A_PAGE, picture_of
from tests.browser import steps
from tests.browser.birch import USER
from tests.browser.company import OWNER, behind_the_pages
from tests.browser.conftest import Profile
from tests.browser.portal import Portal
from tests.browser.test_accessibility import WAYS
from tests.installation import Installation

pytestmark = pytest.mark.browser

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FOLDER = PICTURES / "pages"
# What README and docs/console.md show alone, by page, window and scheme.
ALONE = {
    ("home", "wide", "light"): "home-light",
    ("home", "phone", "dark"): "home-dark-phone",
    ("log", "wide", "light"): "log-light",
    ("connection", "wide", "light"): "connection-light",
    ("users", "wide", "light"): "users-light",
    ("way-go", "wide", "light"): "go-to-domain",
    ("way-login", "wide", "light"): "login",
}
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]
WINDOWS: dict[str, Any] = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
TALLEST = 1400  # pixels of a page that are shown
QUALITY = 62  # of a JPEG: text stays sharp enough to read
ZOOM = 0.5
SHEET = 1730  # pixels that four pictures and the gaps between them are wide

Call = Callable[[requests.Session, str], object]
Looks = dict[tuple[str, str], BrowserContext]
Pictures = dict[tuple[str, str], bytes]


@pytest.fixture
def looks(profile: Profile) -> Looks:
    """A browser for each way a page may look."""
    return {
        (window, scheme): profile(color_scheme=scheme, viewport=WINDOWS[window], device_scale_factor=1)
        for window in WINDOWS
        for scheme in SCHEMES
    }


@pytest.fixture(scope="module", autouse=True)
def _emptied() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        if is_wanted(old.stem):
            old.unlink()


def is_wanted(name: str) -> bool:
    return not ONLY or name in ONLY


def test_pages_of_managers(looks: Looks, lively: list[str], chromium: Browser) -> None:
    pages = {look: context.new_page() for look, context in looks.items()}
    for page in pages.values():
        steps.enter(page)
    shoot(chromium, pages, lively)


def test_pages_of_operators(looks: Looks, operators_pages: list[str], chromium: Browser) -> None:
    pages = {look: context.new_page() for look, context in looks.items()}
    for page in pages.values():
        page.goto("/operator/")
        steps.sign_in(page, "axe@hosting.example")
        page.wait_for_url("**/operator/")
    shoot(chromium, pages, operators_pages)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_pages_on_the_way(looks: Looks, portal: Portal, chromium: Browser, way: Any) -> None:
    name, taken = f"way-{way.__name__.replace('_', '-')}", {}
    if not is_wanted(name):
        pytest.skip("not asked for")
    for look, context in looks.items():
        page = context.new_page()
        way(page, portal)
        taken[look] = take(page)
    compose(chromium, name, taken)


def test_page_of_an_invitation(looks: Looks, here: Installation, chromium: Browser) -> None:
    printed = here.manage(
        "shell", "--no-imports", "-c", "from tests.browser import backstage; backstage.invite_somebody()"
    )
    taken: Pictures = {}
    for look, context in looks.items():
        page = context.new_page()
        page.goto(printed.splitlines()[-1])
        taken[look] = take(page)
    compose(chromium, "way-invited", taken)


@pytest.fixture(scope="session")
def lively(here: Installation) -> list[str]:
    """The addresses of acme's pages, after some weeks of a sync."""
    behind_the_pages(here, "live_for_weeks()")
    entra = requests.Session()
    entra.headers["Authorization"] = f"Bearer {here.facts('create_key', 'acme', '--name', 'Entra ID')['access_key']}"
    for call in _MORNING:
        call(entra, f"{here.url}/scim/v2")
    printed = here.manage("shell", "--no-imports", "-c", "from tests.browser import backstage; backstage.show_acme()")
    return [address for address in json.loads(printed.splitlines()[-1]) if not address.endswith(FORMS_WITHOUT_A_PAGE)]


def _find(entra: requests.Session, base: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = entra.get(f"{base}/Users", params={"filter": f'displayName eq "{name}"'}, timeout=10).json()
    return dict(found["Resources"][0])


def _change(name: str, path: str, value: object) -> Call:
    def call(entra: requests.Session, base: str) -> None:
        body = {"schemas": [PATCH], "Operations": [{"op": "Replace", "path": path, "value": value}]}
        entra.patch(f"{base}/Users/{_find(entra, base, name)['id']}", json=body, timeout=10)

    return call


def _probe(entra: requests.Session, base: str) -> None:
    entra.get(f"{base}/Users", params={"filter": f'userName eq "{uuid4()}"'}, timeout=10)


def _name_that_is_taken(entra: requests.Session, base: str) -> None:
    entra.post(f"{base}/Users", json={"schemas": [USER], "userName": OWNER, "displayName": "Alice"}, timeout=10)


def _remove(entra: requests.Session, base: str) -> None:
    entra.delete(f"{base}/Users/{_find(entra, base, 'Uwe Müller')['id']}", timeout=10)


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
# What Entra does in a cycle that has something to tell.
_MORNING: list[Call] = [
    _probe,
    _change("Anna Bakker", f"{ENTERPRISE}:department", "Sales"),
    _change("Anna Bakker", f"{ENTERPRISE}:department", "Support"),
    _change("Joost de Vries", "title", "Head of Finance"),
    _change("Lucía García", "active", "False"),
    _change("Jürgen Müller", "emails[", "x"),
    _name_that_is_taken,
    _remove,
]


def shoot(chromium: Browser, pages: dict[tuple[str, str], Page], addresses: list[str]) -> None:
    for address in addresses:
        if not is_wanted(picture_of(address)):
            continue
        taken: Pictures = {}
        for look, page in pages.items():
            page.goto(address)
            taken[look] = take(page)
        compose(chromium, picture_of(address), taken)


def take(page: Page) -> bytes:
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"] if page.viewport_size else 0
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def compose(chromium: Browser, name: str, taken: Pictures) -> None:
    """Put the four pictures of a page side by side on one sheet."""
    images = "".join(
        f'<img class="{window}" src="data:image/png;base64,{base64.b64encode(taken[window, scheme]).decode()}">'
        for scheme in SCHEMES
        for window in WINDOWS
    )
    style = (
        "body{margin:0;padding:12px;background:#8a8f98;display:flex;gap:12px;align-items:flex-start;width:max-content}"
        f"img{{display:block;border-radius:6px}}.wide{{width:{1280 * ZOOM}px}}.phone{{width:{390 * ZOOM}px}}"
    )
    page = chromium.new_page(viewport={"width": SHEET, "height": 100})
    page.set_content(f"<!doctype html><style>{style}</style>{images}")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=QUALITY, full_page=True)
    page.close()
    for (window, scheme), image in taken.items():
        if alone := ALONE.get((name, window, scheme)):
            _put_alone(chromium, alone, WINDOWS[window], image)


def _put_alone(chromium: Browser, name: str, window: Any, image: bytes) -> None:
    """Keep what of a picture one sees without scrolling."""
    page = chromium.new_page(viewport=window)
    shown = f'<img src="data:image/png;base64,{base64.b64encode(image).decode()}">'
    page.set_content(f"<!doctype html><style>body{{margin:0;overflow:hidden}}</style>{shown}")
    page.wait_for_function("document.images[0].complete")
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()

"""Every text that a page shows went through gettext: with each translation put in brackets, no word stands outside."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from securelogin.directory.models import Domain
from tests.addresses import OF_A_DOMAIN, OF_STRANGERS
from tests.console.crowd import fill
from tests.console.forms import fill_in
from tests.furniture import GUID, furnish

PAGES = [*OF_A_DOMAIN, *OF_STRANGERS, "/go", "/go?domain=no%20domain", "/go?flow=unknown", "/nothing/here"]
SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-copied", "data-heading", "label"}
MARKED = {"bdi", "code", "pre", "textarea"}
# What is data: names and addresses, and what has the same name everywhere.
DATA = re.compile(
    "SecureLogin|NDJSON|Acme|acme|umbra|UTC|English|Nederlands|Sales & <Ops>|Something|The tests|"
    rf"\d+ ms|[\w.]+@[\w.]+|https?://\S+|P\w+rson \d+|slak_\w+…\w+|(api://)?{GUID}"
)
_IN_BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")


class _Texts(HTMLParser):
    """Collects what can be read or heard, but for names, values and JSON, which the pages mark as such."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.read = ""
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in MARKED:
            self.within.append(tag)
        else:
            self.heard += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.within:
            self.within.remove(tag)

    def handle_data(self, data: str) -> None:
        self.read += "" if self.within else data


def unspoken(page: str) -> list[str]:
    """Return the words of a page that no translation can reach."""
    reader = _Texts()
    reader.feed(page)
    texts = [*_without_brackets(reader.read).split("\n"), *map(_without_brackets, reader.heard)]
    return [text.strip() for text in texts if re.search(r"[^\W\d_]", text)]


def _without_brackets(text: str) -> str:
    # From within outwards: a translated word may have been filled into a sentence, and may hold tags itself.
    while _IN_BRACKETS.search(text):
        text = _IN_BRACKETS.sub("", text)
    return DATA.sub("", text)


@pytest.fixture(autouse=True)
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    trans = translation._trans  # type: ignore[attr-defined]  # where every way to translate ends
    for name in ("gettext", "pgettext"):
        monkeypatch.setattr(trans, name, lambda *words: f"⟦{words[-1]}⟧")
    monkeypatch.setattr(trans, "ngettext", lambda one, many, count: f"⟦{one if count == 1 else many}⟧")


@pytest.mark.parametrize("page", PAGES)
def test_every_text_of_a_page_can_be_translated(manager: Client, acme: Domain, page: str) -> None:
    fill(acme, 60)
    answer = manager.get(furnish(acme).address_of(page))
    if answer.status_code == 405:
        return  # nothing to look at: a form leads there
    if not answer["Content-Type"].startswith("text/html"):
        return  # lines of a machine's
    assert "⟦" in answer.content.decode()
    assert unspoken(answer.content.decode()) == []


@pytest.mark.parametrize(
    "page, terms",
    [
        ("/d/acme/profile/access-key/generate/", {}),
        ("/d/acme/connection/client/", {"token_lifetime": "3600", "secret_lifetime": "31536000"}),
        ("/d/acme/connection/federation/", {"tenant_id": "no GUID", "subject": "none", "audiences": f"api://{GUID}"}),
    ],
)
def test_so_can_the_answer_to_a_form(manager: Client, page: str, terms: dict[str, str]) -> None:
    for typed in ({"name": "Something", "scope": "scim"} | terms, {"name": ""}):
        answer = fill_in(manager, page, **typed)
        assert answer.status_code in {200, 400}
        assert unspoken(answer.content.decode()) == []


def test_a_text_beside_gettext_is_noticed(manager: Client) -> None:
    page = manager.get("/d/acme/").content.decode()
    assert unspoken(page.replace("</h1>", " domain</h1>")) == ["domain"]
    assert unspoken(page.replace("<h1", '<h1 title="Here"')) == ["Here"]

"""The forms of an HTML page, as a person in front of it would fill them in (WHATWG HTML section 4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = ("submit", "image", "button", "reset")
CHOICES = ("checkbox", "radio")


@dataclass(slots=True)
class Form:
    """`fields` carries what the page has filled in already, hidden fields included."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    forms: Sequence[Form]
    words: str


class _Reader(HTMLParser):
    """Collects forms, and the words a person would read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._inside: list[Form] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._silent += 1
        if tag == "form":
            form = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append(form)
            self._inside = [form]
        elif tag in ("input", "button") and self._inside:
            _enter(self._inside[0], tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = []
        if tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


def _enter(form: Form, tag: str, attributes: dict[str, str]) -> None:
    name, value = attributes.get("name", ""), attributes.get("value", "")
    kind = attributes.get("type", "submit" if tag == "button" else "text").lower()
    if not name or "disabled" in attributes:
        return
    if kind == "submit":
        form.buttons.append((name, value))
    elif kind not in BUTTONS and (kind not in CHOICES or "checked" in attributes):
        form.fields[name] = value


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(reader.forms, " ".join(reader.words))

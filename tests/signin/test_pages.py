"""What holds for every page: the policy, plain sentences when something is wrong, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from securelogin import pages

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
STYLESHEET = Path(settings.BASE_DIR) / "securelogin" / "static" / "securelogin.css"


def test_a_page_that_is_missing_has_the_policy_too(db: None) -> None:
    response = Client().get("/nothing/here")
    assert response.status_code == 404
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Referrer-Policy"] == "same-origin"


def test_a_broken_server_says_so_without_the_database(rf: RequestFactory) -> None:
    response = pages.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Try again in a few minutes." in response.content.decode()


def test_the_stylesheet_is_served(db: None) -> None:
    response = Client().get("/static/securelogin.css")
    assert response.status_code == 200
    assert b"prefers-color-scheme: dark" in b"".join(response.streaming_content)


def test_by_night_nothing_but_colours_differs() -> None:
    """The browser tests rely on it: by night they look at colours alone."""
    _, night = STYLESHEET.read_text(encoding="utf-8").split("prefers-color-scheme")
    assert re.match(r": dark\) \{\s*:root \{(\s*--[a-z-]+: [^;]+;)+\s*\}\s*\}", night)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert " on" + "click=" not in text

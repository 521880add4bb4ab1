"""Every page has its picture, every picture its place, and none is of a page that is gone."""

import re

from tests.addresses import FORMS_WITHOUT_A_PAGE, OF_A_DOMAIN, OF_OPERATORS, picture_of
from tests.docs.pages import PAGES, ROOT

PICTURES = ROOT / "docs" / "pictures"
SHOWN = re.compile(r"!\[[^\]]+\]\((?:docs/)?(pictures/[^)]+)\)")


def shown() -> set[str]:
    return {found for page in PAGES for found in SHOWN.findall(page.read_text(encoding="utf-8"))}


def test_every_page_has_its_picture() -> None:
    pages = [page for page in (*OF_A_DOMAIN, *OF_OPERATORS) if not page.endswith(FORMS_WITHOUT_A_PAGE)]
    assert len(pages) > 50
    assert {f"pictures/pages/{picture_of(page)}.jpg" for page in pages} <= shown()


def test_every_picture_is_shown_and_there() -> None:
    there = {str(path.relative_to(ROOT / "docs")) for path in PICTURES.rglob("*.*")}
    assert there == shown()


def test_no_picture_is_of_a_page_that_is_gone() -> None:
    known = {picture_of(page) for page in (*OF_A_DOMAIN, *OF_OPERATORS)}
    names = {path.stem for path in (PICTURES / "pages").glob("*.jpg")}
    assert {name for name in names if not name.startswith("way-")} <= known

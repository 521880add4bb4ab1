"""What the tests of the documentation read: the pages, their tables, and what is written as code in them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

_FENCED = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    level = heading.partition(" ")[0]
    _, found, rest = text(name).partition(f"\n{heading}\n")
    assert found, f"{name} has no section {heading}"
    return re.split(rf"\n#{{1,{len(level)}}} ", rest)[0]


def rows(part: str) -> list[list[str]]:
    """Return the cells of every table row, without heads and rules."""
    lines = [line for line in part.split("\n") if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [number for number, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    heads = {number - 1 for number in rules} | set(rules)
    return [row for number, row in enumerate(cells) if number not in heads]


def code(page: Path) -> Iterator[str]:
    """Yield everything that is written as code: fenced lines, with continued ones joined, and spans."""
    content = page.read_text(encoding="utf-8")
    for block in _FENCED.findall(content):
        yield from block.replace("\\\n", " ").split("\n")
    yield from _SPAN.findall(_FENCED.sub("", content))


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub spells them."""
    found = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}

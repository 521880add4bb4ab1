"""docs/scim.md against the code: its error ids with their statuses, and its limits."""

import ast
import re
from collections.abc import Iterator

import pytest

from scim.api.media import MAX_BODY
from scim.protocol import application, errors, grammar, messages, patch, projection, values
from scim.protocol.attributes import Attribute
from scim.protocol.schemas import EXTERNAL_ID
from securelogin.directory.keys import KEY_LIMIT
from tests.docs.pages import ROOT, rows, section

_ID = re.compile(r"SL-[A-Z-]+")
# Raised under a name of its own.
_SUBCLASSES = {"UnknownAttribute": "InvalidFilter"}


def listed() -> dict[str, int]:
    return {error_id: int(status) for error_id, status, _ in rows(section("docs/scim.md", "## Error ids"))}


def raised() -> Iterator[tuple[str, str]]:
    """Yield every error id in the code with the class it is given to."""
    for source in ROOT.glob("scim/**/*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from ((text, called) for text in texts if isinstance(text, str) and _ID.fullmatch(text))


def test_the_page_lists_exactly_the_ids_in_the_code() -> None:
    in_code = {
        found for source in ROOT.glob("scim/**/*.py") for found in _ID.findall(source.read_text(encoding="utf-8"))
    }
    assert set(listed()) == in_code


def test_the_ids_are_listed_in_order_and_once() -> None:
    ids = [error_id for error_id, *_ in rows(section("docs/scim.md", "## Error ids"))]
    assert ids == sorted(set(ids))


def test_the_page_says_the_status_of_every_id() -> None:
    checked = {}
    for error_id, called in raised():
        kind = getattr(errors, _SUBCLASSES.get(called, called), None)
        if kind is not None:
            assert listed()[error_id] == kind.status, error_id
            checked[error_id] = kind
    assert len(checked) > 50


LIMITS = [
    ("request body", f"{MAX_BODY // 2**20} MiB"),
    ("filter", f"{grammar.MAX_FILTER_LENGTH:,} characters, {grammar.MAX_TERMS} terms, {grammar.MAX_DEPTH} levels deep"),
    ("path of an operation", f"{grammar.MAX_PATH_LENGTH:,} characters"),
    ("`attributes`, `excludedAttributes`", f"{projection.MAX_LENGTH:,} characters"),
    ("results on a page", f"{messages.MAX_COUNT:,}"),
    ("operations in a PATCH", f"{patch.MAX_OPERATIONS:,}"),
    ("values of a plural attribute (members apart)", f"{values.MAX_ELEMENTS:,}"),
    ("text", f"{Attribute(name='any').max_length:,} characters; "),
    ("text", f" {EXTERNAL_ID.max_length}"),
    ("what is looked up by an index", f"{KEY_LIMIT:,} bytes"),
    ("unknown extensions of one resource", f"{application.MAX_EXTENSIONS}, each {values.MAX_OPAQUE_DEPTH} levels"),
    ("unknown extensions of one resource", f"{values.MAX_OPAQUE_NODES:,} values"),
]


@pytest.mark.parametrize("what, limit", LIMITS)
def test_the_page_says_the_limits_of_the_code(what: str, limit: str) -> None:
    assert limit in dict(rows(section("docs/scim.md", "## Limits")))[what]


def test_every_limit_on_the_page_is_held_against_the_code() -> None:
    assert set(dict(rows(section("docs/scim.md", "## Limits")))) == {what for what, _ in LIMITS}

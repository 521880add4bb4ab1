"""Every refusal of the SCIM wing has an id, with one meaning: the same word of RFC 7644 §3.12 wherever it is raised."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SCIM = Path(__file__).resolve().parents[2] / "scim"
_ID = re.compile(r"SL(-[A-Z]+)+")


def _raised() -> Iterator[tuple[str, str, ast.expr]]:
    """Give the class, the id and the sentence of every error that is made with an id."""
    for path in sorted(SCIM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and len(node.args) >= 2 and isinstance(node.args[1], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if isinstance(node.args[1].value, str) and node.args[1].value.startswith("SL-"):
                    yield name, node.args[1].value, node.args[0]


RAISED = list(_raised())


def test_ids_are_words() -> None:
    assert len(RAISED) > 50
    assert [error_id for _, error_id, _ in RAISED if not _ID.fullmatch(error_id)] == []


def test_an_id_has_one_kind_of_answer() -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for name, error_id, _ in RAISED:
        kinds[error_id].add("InvalidFilter" if name == "UnknownAttribute" else name)  # which is one
    assert {error_id: names for error_id, names in kinds.items() if len(names) > 1} == {}


def test_a_refusal_is_a_sentence() -> None:
    texts = [sentence.value for _, _, sentence in RAISED if isinstance(sentence, ast.Constant)]
    assert texts
    assert [
        text for text in texts if not (text[:1].isupper() or text[:1] in "'\"") and not text.startswith("sort")
    ] == []
    assert [text for text in texts if not text.endswith(".")] == []

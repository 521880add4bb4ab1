"""The table of the journeys names a test for each, and every test that it names is one that the browser runs."""

import ast
import re
from pathlib import Path

BROWSER = Path(__file__).resolve().parents[1] / "browser"
JOURNEYS = {f"J{number}" for number in range(1, 10)}
_MARK = "pytestmark = pytest.mark.browser"
_ROW = re.compile(r"^\| (J\d) .*\| `(\w+\.py)::(\w+)` \|$", re.MULTILINE)


def _tests_in(file: str) -> set[str]:
    tree = ast.parse((BROWSER / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} if _is_marked(tree) else set()


def _is_marked(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Assign) and ast.unparse(node) == _MARK for node in tree.body)


def test_every_journey_is_made_by_a_test_that_is_there() -> None:
    table = ast.get_docstring(ast.parse((BROWSER / "test_journeys.py").read_text(encoding="utf-8"))) or ""
    rows = _ROW.findall(table)
    assert {journey for journey, _, _ in rows} == JOURNEYS
    assert [f"{file}::{name}" for _, file, name in rows if name not in _tests_in(file)] == []

"""The house rules that no linter knows: a plate on every module, and sizes to live by."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOTS = ("securelogin", "scim", "oauth", "entra", "tests")
FILES = sorted(
    path.relative_to(ROOT)
    for root in ROOTS
    for path in (ROOT / root).rglob("*.py")
    if "migrations" not in path.parts and path.read_text().strip()
)
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def _tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, _FUNCTIONS):
            yield f"{path}:{node.name}", _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, without its docstring."""
    documented = ast.get_docstring(node) is not None and len(node.body) > 1
    start = node.body[0].end_lineno if documented else node.lineno - 1
    return (node.end_lineno or 0) - (start or 0)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_module_opens_with_its_plate(path: Path) -> None:
    assert ast.get_docstring(_tree(path)), "one or two lines: which room is this?"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_fits_in_300_lines(path: Path) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[0] != "tests"], ids=str)
def test_a_function_fits_in_40_lines(path: Path) -> None:
    assert [(name, length) for name, length in _functions(path) if length > 40] == []


@pytest.mark.parametrize("root", [root for root in ROOTS if root != "tests"])
def test_functions_and_files_are_short_as_a_rule(root: str) -> None:
    paths = [path for path in FILES if path.parts[0] == root]
    lengths = sorted(length for path in paths for _, length in _functions(path))
    assert median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 20
    assert median(len((ROOT / path).read_text().splitlines()) for path in paths) <= 120

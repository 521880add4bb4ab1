"""What the pages say exists, exists; and what exists and must be told is told."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from entra import issuer
from entra.arguments import parser
from tests.docs.pages import PAGES, ROOT, code, headings, rows, section, text

NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        yield from ((page, target) for target in LINK.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_within_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        assert not anchor or anchor in headings(linked), target


def test_every_page_is_linked_to_from_the_readme() -> None:
    linked = set(LINK.findall(text("README.md")))
    assert {name for name in NAMES if name.startswith("docs/")} <= linked


def manage_commands() -> Iterator[list[str]]:
    for page in PAGES:
        for line in code(page):
            if found := re.search(r"manage\.py ([a-z_]+[^|>]*)", line):
                yield shlex.split(found[1].partition('--command "')[0])
    for cell, _ in rows(section("README.md", "## Operator's commands")):
        yield shlex.split(cell.strip("`"))


def test_every_command_is_one_of_manage_py_and_takes_its_options() -> None:
    commands, seen = get_commands(), set()
    for name, *arguments in manage_commands():
        seen.add(name)
        assert name in commands
        if arguments and name not in {"shell", "help"}:
            app = str(commands[name])
            load_command_class(app, name).create_parser("manage.py", name).parse_args(arguments)
    assert len(seen) > 5


def test_the_readme_names_every_command_of_the_product() -> None:
    ours = {name for name, app in get_commands().items() if app == "securelogin"}
    named = {cell.strip("`").split()[0] for cell, _ in rows(section("README.md", "## Operator's commands"))}
    assert ours <= named


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {found[1] for page in PAGES for line in code(page) if (found := re.search(r"\bmake ([a-z]+)$", line))}
    assert named
    assert named <= targets


def test_every_option_of_the_stand_in_exists() -> None:
    known = set(re.findall(r"--[a-z-]+", parser().format_help() + issuer.parser().format_help()))
    lines = [line for line in code(ROOT / "docs" / "stand-in.md") if "manage.py" not in line]
    named = {option for line in lines for option in re.findall(r"--[a-z-]+", line)}
    assert named
    assert named <= known


def test_the_readme_lists_exactly_the_variables_that_are_read() -> None:
    sources = text("securelogin/settings.py") + text("securelogin/env.py")
    read = set(re.findall(r'\b(?:text|boolean|number|words|one_of)\(\s*"([A-Z_]+)"', sources))
    read |= set(re.findall(r'"([A-Z_]+)" not in os\.environ', text("securelogin/metrics.py")))
    listed = {cell.strip("`") for cell, *_ in rows(section("README.md", "## Environment variables"))}
    assert listed == read


def test_the_readme_says_which_defaults_the_variables_have() -> None:
    defaults = {cell.strip("`"): default for cell, default, _ in rows(section("README.md", "## Environment variables"))}
    settings = text("securelogin/settings.py")
    for name, default in re.findall(r'env\.(?:boolean|number)\("([A-Z_]+)", (?:default=)?(\w+)\)', settings):
        assert defaults[name] == f"`{default.lower()}`"


def folders() -> set[str]:
    ignored = {line.strip("/") for line in text(".gitignore").split("\n")}
    hidden = (".", "__")
    return {each.name for each in ROOT.iterdir() if each.is_dir() and not each.name.startswith(hidden)} - ignored


def test_the_readme_says_what_is_in_every_folder() -> None:
    assert {cell.strip("`/") for cell, _ in rows(section("README.md", "## What is where"))} == folders()


def test_every_dependency_has_its_reason_once() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    names = sorted(re.split(r"[\[<>=~!;, ]", each, maxsplit=1)[0] for each in wanted)
    reasons = sorted(cell.strip("`") for cell, _ in rows(section("docs/decisions.md", "## Dependencies")))
    assert reasons == names


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    for span in code(page):
        if re.fullmatch(r"[\w./-]+\.py", span):
            assert (ROOT / span).exists() or list(ROOT.glob(f"[!.]*/**/{span}")), span


def test_the_rooms_are_there() -> None:
    block = re.search(r"```text\n(.*?)```", section("docs/architecture.md", "## The rooms"), re.DOTALL)
    assert block is not None
    top = ROOT
    for line in block[1].rstrip().split("\n"):
        names = re.findall(r"[a-z_]+(?:/|\.py)", line[:25])
        assert names, line
        top = ROOT / names[0] if not line.startswith(" ") else top
        assert all((top / name if line.startswith(" ") else ROOT / name).exists() for name in names), line


def test_the_changelog_has_the_version_of_the_project() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$", text("CHANGELOG.md"), re.MULTILINE)


def copied() -> set[str]:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    return {source for line in lines for source in line.split()}


def test_the_image_gets_what_is_there_and_let_in() -> None:
    let_in = {line.removeprefix("!") for line in text(".dockerignore").split("\n") if line.startswith("!")}
    assert copied() == let_in
    assert all((ROOT / source).exists() for source in copied())


def test_the_image_gets_every_folder_that_runs() -> None:
    assert folders() - copied() == {"tests", "docs", "entra", "bench"}


def test_the_decisions_name_the_budgets_of_statements() -> None:
    tree = ast.parse(text("tests/architecture/test_statements.py"))
    budgets = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BUDGETS"
    )
    told = {kind: (int(one), int(other)) for kind, one, other in rows(section("docs/decisions.md", "## Data"))}
    assert told == budgets

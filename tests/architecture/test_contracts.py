"""Each import contract of pyproject.toml holds, and is seen to hold: broken once, it says so."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("securelogin", "scim", "oauth", "entra")

# Contract → (a file, what to add to it). Files that are not there yet are made: a stray room breaks its house.
BREACHES = {
    "wings": ("scim/shelf.py", "import oauth.tokens"),
    "house": ("securelogin/helpers.py", '"""A stray room."""'),
    "console": ("securelogin/console/once.py", "import securelogin.console.forms"),
    "kernel": ("securelogin/directory/text.py", "import securelogin.directory.directory"),
    "provisioning": ("scim/resources/rows.py", "import scim.shelf"),
    "protocol": ("scim/protocol/grammar.py", "import scim.protocol.patch"),
    "pure": ("scim/protocol/values.py", "import orjson"),
    "door": ("scim/queries.py", "import securelogin.directory.models"),
    "framework": ("scim/shelf.py", "import rest_framework"),
    "authorization": ("oauth/tokens.py", "import oauth.views"),
    "stand-in": ("entra/wire.py", "import securelogin.directory.text"),
    "stand-in-rooms": ("entra/wire.py", "import entra.scenario"),
}


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache", *chosen], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_breach() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert {contract["id"] for contract in project["tool"]["importlinter"]["contracts"]} == set(BREACHES)


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_noticed(contract: str, copy: Path) -> None:
    file, line = BREACHES[contract]
    path = copy / file
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    result = lint(copy, contract)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout or "not included" in result.stdout, result.stdout

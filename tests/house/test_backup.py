"""Backup and restore as docs/operations.md has them: what comes back is what was there, and works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.installation import Installation, database, free_port, running, serving

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def command(beginning: str) -> str:
    """Return the command in the page that begins so."""
    found = re.search(rf"^{re.escape(beginning)}.*$", DOCS.read_text(), re.MULTILINE)
    assert found is not None
    return found[0]


def shell(line: str, folder: Path, **variables: str) -> None:
    done = subprocess.run(["sh", "-ec", line], cwd=folder, env=os.environ | variables, capture_output=True, check=False)  # noqa: S603, S607
    assert done.returncode == 0, done.stderr


def test_what_was_backed_up_comes_back(tmp_path: Path, template: str) -> None:
    if os.environ["DATABASE_URL"].startswith("postgres") and shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's own programs are not installed here")
    with running(tmp_path, template) as here:
        here.facts("create_domain", "acme")
        token = here.facts("create_key", "acme")["access_key"]
        made = [here.scim(token, "POST", "/Users", {"userName": f"p{n}@acme.example"}).json()["id"] for n in range(20)]
        here.scim(token, "POST", "/Groups", {"displayName": "Team", "members": [{"value": one} for one in made]})
        before = listing(here, token)
        back_up(here, tmp_path)
    port = free_port()
    with database(tmp_path, f"restored_{port}") as url:
        restore(url, tmp_path)
        with serving(tmp_path, port, url) as there:
            assert listing(there, token) == before
            assert there.scim(token, "POST", "/Users", {"userName": "P7@acme.example"}).status_code == 409
            assert there.scim(token, "DELETE", f"/Users/{made[0]}").status_code == 204


def listing(here: Installation, token: str) -> list[dict[str, object]]:
    groups = here.scim(token, "GET", "/Groups").json()["Resources"]
    users = here.scim(token, "GET", "/Users").json()["Resources"]
    return [
        {key: value for key, value in one.items() if key in {"id", "userName", "displayName"}} for one in users + groups
    ]


def back_up(here: Installation, folder: Path) -> None:
    url = here.environment["DATABASE_URL"]
    if url.startswith("postgres"):
        shell(command("pg_dump "), folder, DATABASE_URL=url)
    else:
        program = command("python3 -c 'import sqlite3").replace("python3", sys.executable, 1)
        shell(program.replace("var/securelogin.sqlite3", url.removeprefix("sqlite:///")), folder)


def restore(url: str, folder: Path) -> None:
    if url.startswith("postgres"):
        assert urlsplit(url).path
        shell(command("pg_restore "), folder, DATABASE_URL=url)
    else:
        (folder / "backup.sqlite3").rename(url.removeprefix("sqlite:///"))

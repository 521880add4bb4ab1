"""The server's clock is ten minutes off, forwards and then back: nobody is locked out, and no time runs backwards."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from entra import Authorize, Client, Options, Placement, Report, Size, run
from tests.installation import Installation, Shape, database, free_port, serving
from tests.soak.provisioner import Provisioner

PLACES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
LIBRARY = os.environ.get("FAKETIME_LIBRARY", str(PLACES[0]) if PLACES else "")
pytestmark = [
    pytest.mark.skipif(not LIBRARY, reason="faketime is not installed, nor named by FAKETIME_LIBRARY"),
    pytest.mark.soak,
]


def skewed(offset: str) -> Shape:
    """Return a server whose clock is off, while its database's and its clients' are right."""
    faked = {"LD_PRELOAD": LIBRARY, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return Shape(environment=faked)


def sync(here: Installation, domain: str, seed: int) -> Report:
    made = here.connection(domain)
    client = Client(made["token_url"], made["client_id"], made["client_secret"], Placement.BODY, "")
    login = Authorize(made["authorization_url"], client, made["domain"], made["username"], made["password"])
    size = Size(60, 6, 200, seed=seed)
    return run(Options(tenant_url=f"{here.url}/scim/v2", login=login, size=size, always_refresh=True, quiet=True))


def test_a_clock_that_jumps_harms_nobody(tmp_path: Path, say: Callable[[str], None]) -> None:
    seen: list[tuple[str, datetime]] = []
    port = free_port()
    with database(tmp_path, f"securelogin_{port}") as url:
        for number, offset in enumerate(("+10m", "-10m", "+0")):
            with serving(tmp_path, port, url, skewed(offset)) as here:
                acme = Provisioner.of(here, "acme")
                one = acme.find("Users", 'userName eq "ann"') or [acme.user("ann").body]
                shown = acme.patch(f"/Users/{one[0]['id']}", {"op": "Replace", "path": "title", "value": offset}).body
                seen.append((shown["title"], datetime.fromisoformat(shown["meta"]["lastModified"])))
                report = sync(here, f"skewed-{number}", number)
                assert report.passed, report.text()
    ahead = (seen[0][1] - datetime.fromisoformat(shown["meta"]["created"])).total_seconds()
    assert abs(ahead) < 60  # both by the same clock
    assert [title for title, _ in seen] == ["+10m", "-10m", "+0"]
    assert sorted(moment for _, moment in seen) == [moment for _, moment in seen]
    say("three syncs with Authorize at +10, -10 and 0 min: 0 deviations, lastModified never went back")

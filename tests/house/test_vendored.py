"""What others wrote and is served from here is what they published, to the byte."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_htmx_is_the_file_that_was_decided_on() -> None:
    decided = re.search(r"`htmx` (\S+) .*?`([0-9a-f]{64})`", (ROOT / "docs" / "decisions.md").read_text(), re.DOTALL)
    assert decided
    version, checksum = decided.groups()
    script = (ROOT / "securelogin/static/htmx/htmx.min.js").read_bytes()
    assert hashlib.sha256(script).hexdigest() == checksum
    assert f'version:"{version}"'.encode() in script

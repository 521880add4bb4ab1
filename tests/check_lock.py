"""The locks hold names, versions and hashes, nothing else, and every dependency that pyproject.toml names."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"([A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*)")


def problems(lock: str, wanted: list[str]) -> list[str]:
    lines = (ROOT / lock).read_text().splitlines()
    strange = [f"{lock}: {line}" for line in lines if not LINE.fullmatch(line)]
    locked = {re.split(r"[\[=]", line)[0] for line in lines if "==" in line}
    names = {re.split(r"[\[<>=;]", each)[0] for each in wanted}
    return strange + [f"{lock}: {name} is missing; run make lock" for name in sorted(names - locked)]


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    everything = run + project["project"]["optional-dependencies"]["entra"] + project["dependency-groups"]["dev"]
    found = problems("requirements.lock", run) + problems("requirements-dev.lock", everything)
    sys.exit("\n".join(found) or None)

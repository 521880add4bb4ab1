"""`python -m entra`: one run, its report, and 0 or 1; or `python -m entra issuer`, which lasts."""

import json
import sys
from collections.abc import Sequence
from threading import Event

from entra import issuer
from entra.arguments import options
from entra.scenario import run


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["issuer"]:
        return issuer.main(arguments[1:], Event())
    chosen, file = options(arguments)
    try:
        report = run(chosen)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(report.text())
    if file:
        file.write_text(json.dumps(report.document(), ensure_ascii=False, indent=1) + "\n")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m entra`: one run, its report, and 0 or 1."""

import json
import sys
from collections.abc import Sequence

from entra.arguments import options
from entra.scenario import run


def main(arguments: Sequence[str]) -> int:
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

"""Running an operator's command and reading its answer."""

import io
import json
from typing import Any

from django.core.management import call_command


def run(*words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer

"""Once more: a write that PostgreSQL ended to break a deadlock, or that somebody overtook, has done nothing, so it can
be repeated as a whole.
"""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError

from securelogin.directory.errors import OvertakenError

ATTEMPTS = 4
# serialization_failure and deadlock_detected (PostgreSQL, appendix A).
_REPEATABLE = {"40001", "40P01"}

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def repeated(verb: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Repeat a verb that is one transaction, up to four times in all, while it loses to a concurrent one."""

    @functools.wraps(verb)
    def repeating(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        for attempt in range(1, ATTEMPTS):
            try:
                return verb(*arguments, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in _REPEATABLE:
                    raise
                time.sleep(0.01 * attempt)
            except OvertakenError:
                continue
        return verb(*arguments, **options)

    return repeating

"""The floor: a Django view that runs the statements of our hot requests, and nothing else.

Its settings and its one view; BENCH_STATEMENTS names the file that `recording` wrote.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from securelogin import env
from securelogin.directory.ids import uuid7

Script = list[tuple[str, list[Any], bool]]

_database = env.database("", prepare=True)
_database["OPTIONS"]["prepare_threshold"] = 2  # as anybody would have it

settings.configure(
    SECRET_KEY="measured-only",  # noqa: S106  # of a view that signs nothing
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    LOGGING_CONFIG=None,
    DATABASES={"default": _database},
)

_RECORDED = json.loads(Path(os.environ["BENCH_STATEMENTS"]).read_text(encoding="utf-8"))
SCRIPTS: dict[str, Script] = {name: act["statements"] for name, act in _RECORDED.items()}


def repeat(_request: HttpRequest, name: str) -> HttpResponse:
    """Run what stands before a transaction, then the transaction as one; answer with what the last statement found."""
    before = [each for each in SCRIPTS[name] if not each[2]]
    within = [each for each in SCRIPTS[name] if each[2]]
    rows = _run(before)
    if within:
        with transaction.atomic():
            rows = _run(within)
    return HttpResponse(orjson.dumps(rows, default=str), content_type="application/json")


def _run(script: Script) -> list[Any]:
    rows: list[Any] = []
    version = 0
    with connection.cursor() as cursor:
        for sql, parameters, _ in script:
            cursor.execute(sql, [_value(each, version) for each in parameters])
            rows = cursor.fetchall() if cursor.description else []
            names = [column.name for column in cursor.description or ()]
            version = rows[0][names.index("version")] if rows and "version" in names else version
    return rows


def _value(parameter: Any, version: int) -> Any:
    """Return what to send for a parameter; `version` is that of the row read last."""
    if not isinstance(parameter, dict):
        return parameter
    if "version" in parameter:
        return version + parameter["version"]
    if "records" in parameter:
        return orjson.dumps(
            [{name: _field(each) for name, each in row.items()} for row in parameter["records"]]
        ).decode()
    return datetime.now(UTC) if "now" in parameter else str(uuid7())


def _field(value: Any) -> Any:
    """Return a member of a record; objects in it are JSON columns, but for what stands for a new id."""
    return str(uuid7()) if value == {"fresh": True} else value


urlpatterns = [path("<str:name>", repeat)]
django.setup()
application = WSGIHandler()

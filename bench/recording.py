"""The statements of a request, taken down as the product runs it: for a bare view to repeat, and to be counted.

Needs django.setup() before it is imported.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import people

# What stands for a parameter that is another one each time.
NOW, FRESH = {"now": True}, {"fresh": True}


@dataclass(slots=True)
class Tape:
    """Statements in order: the text, the parameters, and whether a transaction was open."""

    statements: list[tuple[str, list[Any], bool]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        """As Django's execute_wrapper calls it."""
        self.statements.append((sql, list(params or ()), connection.in_atomic_block))
        return execute(sql, params, many, context)


@dataclass(frozen=True, slots=True)
class Product:
    """Our own application, called within this process."""

    token: str
    application: WSGIHandler = field(default_factory=WSGIHandler)

    def call(self, method: str, path: str, payload: Any = None) -> Any:
        """Return the answer's JSON. Raises RuntimeError for a refusal."""
        path, _, query = path.partition("?")
        body = b"" if payload is None else json.dumps(payload).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/scim/v2{path}",
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
            "CONTENT_TYPE": "application/scim+json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
        }
        statuses: list[str] = []
        response = self.application(environ, lambda status, _headers: statuses.append(status))  # type: ignore[arg-type]
        content = b"".join(response)
        if not statuses[0].startswith("2"):
            raise RuntimeError(f"{method} {path}: {statuses[0]} {content[:200]!r}")
        return json.loads(content) if content else None


def main() -> None:
    """`recording TOKEN`: print, by operation, its statements and how many the database was sent."""
    product = Product(sys.argv[1])
    product.call("GET", "/Users?count=0")  # the connection's use is noted once in five minutes
    print(json.dumps({name: _record(act) for name, act in _acts(product)}))


def _acts(product: Product) -> Iterator[tuple[str, Callable[[int], Any]]]:
    """Yield what is recorded; the number makes every run of an act another one."""
    person = _matched(product, "Users", "userName", people.user_name(7))
    spare = _matched(product, "Users", "userName", people.user_name(12))
    group = _matched(product, "Groups", "displayName", people.group_name(10))
    nobody = quote('userName eq "nobody@bench.example"')
    same = quote(f'userName eq "{people.user_name(7)}"')
    also = quote(f'displayName eq "{people.group_name(10)}"')
    yield "get_user", lambda _: product.call("GET", f"/Users/{person}")
    yield "match_user", lambda _: product.call("GET", f"/Users?filter={same}")
    yield "match_nobody", lambda _: product.call("GET", f"/Users?filter={nobody}")
    yield "match_group", lambda _: product.call("GET", f"/Groups?excludedAttributes=members&filter={also}")
    yield "list_first", lambda _: product.call("GET", "/Users?startIndex=1&count=100")
    yield "patch_user", lambda number: product.call("PATCH", f"/Users/{person}", _three_operations(number))
    yield "create_user", lambda number: product.call("POST", "/Users", people.user(f"recorded{number}", number))
    yield "add1", lambda number: product.call("PATCH", f"/Groups/{group}", _member(spare, number))


def _matched(product: Product, endpoint: str, attribute: str, value: str) -> str:
    found: str = product.call("GET", f"/{endpoint}?filter=" + quote(f'{attribute} eq "{value}"'))["Resources"][0]["id"]
    return found


def _three_operations(number: int) -> dict[str, Any]:
    return people.patch(
        {"op": "Replace", "path": "displayName", "value": f"Name {number}"},
        {"op": "Replace", "path": "active", "value": number % 2 == 0},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": f"m{number}@bench.example"},
    )


def _member(user_id: str, number: int) -> dict[str, Any]:
    """Let somebody leave and come by turns, so that every request changes something."""
    verb = "Add" if number % 2 else "Remove"
    return people.patch({"op": verb, "path": "members", "value": [{"value": user_id}]})


def _record(act: Callable[[int], Any]) -> dict[str, Any]:
    act(0)
    with _taped() as first:
        act(1)
    act(2)
    with _taped() as second:
        act(3)
    with CaptureQueriesContext(connection) as counted:
        act(4)
    return {"count": len(counted), "statements": list(_compared(first, second))}


@contextmanager
def _taped() -> Iterator[Tape]:
    tape = Tape()
    with connection.execute_wrapper(tape):
        yield tape


def _compared(first: Tape, second: Tape) -> Iterator[tuple[str, list[Any], bool]]:
    """Merge two runs of one act: what differs between them is made anew by whoever repeats it."""
    for (sql, before, _), (_, after, atomic) in zip(first.statements, second.statements, strict=True):
        yield sql, list(_repeatable(before, after)), atomic


def _repeatable(before: list[Any], after: list[Any]) -> Iterator[Any]:
    """Yield the parameters of a statement as a repetition needs them. Numbers that differ are versions of the row that
    was read before: the last is the one that was found, another the one that is written.
    """
    pairs = list(zip(before, after, strict=True))
    found = next((other for one, other in reversed(pairs) if _is_version(one, other)), 0)
    for one, other in pairs:
        yield {"version": other - found} if _is_version(one, other) else _parameter(one, other)


def _is_version(one: Any, other: Any) -> bool:
    return type(one) is int and type(other) is int and one != other


def _parameter(one: Any, other: Any) -> Any:
    if isinstance(other, datetime):
        return NOW
    if one != other and isinstance(other, str) and other.startswith("[{"):
        rows = zip(json.loads(one), json.loads(other), strict=True)
        return {"records": [{name: _parameter(old.get(name), new[name]) for name in new} for old, new in rows]}
    return FRESH if one != other and _is_id(other) else other


def _is_id(value: Any) -> bool:
    try:
        UUID(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True

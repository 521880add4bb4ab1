"""What a request took is given back with its answer, and not when the collector comes by."""

import gc
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.core.handlers.wsgi import WSGIHandler

from tests.scim.conftest import Scim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def garbage() -> set[str]:
    """Return the kinds of what only the collector would free."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    kinds = {f"{type(each).__module__}.{type(each).__name__}" for each in gc.garbage}
    gc.garbage.clear()
    return kinds


def answer(server: WSGIHandler, authorization: str, method: str, path: str, body: Any = None) -> None:
    """Ask as a server does, and let go of everything."""
    sent = b"" if body is None else orjson.dumps(body)
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": f"/scim/v2{path}",
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "wsgi.input": BytesIO(sent),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/scim+json",
        "CONTENT_LENGTH": str(len(sent)),
        "HTTP_AUTHORIZATION": authorization,
    }
    statuses: list[str] = []
    response = server(environ, lambda status, _headers: statuses.append(status))  # type: ignore[arg-type]
    assert b"".join(response) or method == "HEAD"
    response.close()
    assert statuses[0] < "3", statuses


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH"])
def test_nothing_of_an_answer_waits_for_the_collector(scim: Scim, method: str) -> None:
    server, ann = WSGIHandler(), scim.user("ann")
    body = {"Operations": [{"op": "replace", "path": "title", "value": "T"}]} if method == "PATCH" else None
    path = f"/Users/{ann}" if method == "PATCH" else "/Users?count=5"
    for _ in range(2):  # the second time, whatever is kept for good is there
        gc.collect()
        answer(server, scim.client.defaults["HTTP_AUTHORIZATION"], method, path, body)
    assert {
        name for name in garbage() if name.startswith(("scim.", "securelogin.", "rest_framework.", "django."))
    } == set()

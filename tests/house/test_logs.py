"""The process's own lines: JSON that a machine can read, with the request's id, and no secret in any of them."""

import json
import logging
import sys
from collections.abc import Callable

import pytest
from django.test import Client

from oauth.tokens import new_access_token, new_key, new_refresh_token, new_secret
from scim.api import boundary
from securelogin.logs import JsonFormatter, TextFormatter, masked_address, request_id


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("a.logger", logging.WARNING, __file__, 1, message, arguments, None)


@pytest.mark.parametrize("new", [new_access_token, new_refresh_token, new_secret, new_key])
@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter("{message}", style="{")])
def test_a_secret_is_cut_down_to_its_kind(formatter: logging.Formatter, new: Callable[[], str]) -> None:
    secret = new()
    line = formatter.format(record("Refused %s of %s", secret, "acme"))
    assert secret not in line
    assert f"Refused {secret[:6].partition('_')[0]}_… of acme" in line


def test_somebody_elses_token_is_cut_down_too() -> None:
    assertion = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-_x"
    assert TextFormatter("{message}", style="{").format(record("of %s, refused", assertion)) == "of eyJ…, refused"
    assert masked_address(f"a=1&client_assertion={assertion}&b=2") == "a=1&client_assertion=…&b=2"
    assert masked_address("client_assertion=not.a.jwt") == "client_assertion=…"


def test_a_secret_in_a_traceback_is_masked_too() -> None:
    token = new_access_token()
    try:
        int(token)
    except ValueError:
        failed = record("Failed")
        failed.exc_info = sys.exc_info()
    line = JsonFormatter().format(failed)
    assert token not in line
    assert "sloat_…" in json.loads(line)["exception"]


def test_a_line_is_one_object_with_the_request_it_is_about() -> None:
    before = request_id.set("01a2")
    line = json.loads(JsonFormatter().format(record('Two\nlines and a "quote"')))
    request_id.reset(before)
    assert (line["level"], line["logger"], line["request_id"]) == ("WARNING", "a.logger", "01a2")
    assert line["message"] == 'Two\nlines and a "quote"'
    assert "request_id" not in json.loads(JsonFormatter().format(record("Alone")))


@pytest.mark.django_db
def test_a_failure_is_logged_under_the_id_that_the_client_was_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lines = []
    monkeypatch.setattr(boundary, "get_resolver", lambda _urls: 1 / 0)
    monkeypatch.setattr(caplog.handler, "emit", lambda each: lines.append(JsonFormatter().format(each)))
    answer = Client(raise_request_exception=False).get("/scim/v2/Users")
    assert answer.status_code == 500
    logged = [json.loads(line) for line in lines if "ZeroDivisionError" in line]
    assert [line["request_id"] for line in logged] == [answer["X-Request-Id"]]

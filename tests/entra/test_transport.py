"""What goes over the wire besides the URL, and what becomes of a connection that breaks."""

from contextlib import closing
from http.server import BaseHTTPRequestHandler

import pytest

from entra import wire
from entra.checks import examine
from entra.dialect import Chaos, Style
from entra.operations import Kind
from entra.transport import Channel, Exchange
from tests.entra.fake_scim import TOKEN, FakeScim, serving, serving_scim


def headers(style: Style) -> dict[str, str]:
    """Of a request with a body, as the server saw them."""
    scim = FakeScim()
    with serving_scim(scim) as tenant_url, closing(Channel(tenant_url + "/", style, lambda: TOKEN)) as channel:
        exchange = channel.send(wire.create(Kind.USER, {"userName": "ann", "schemas": []}, style))
    assert exchange.granted
    return scim.seen[0][1]


def test_the_headers_are_entras() -> None:
    sent = headers(Style())
    assert sent["Authorization"] == f"Bearer {TOKEN}"
    assert sent["Content-Type"] == "application/scim+json; charset=utf-8"
    assert sent["Accept"] == "application/scim+json"
    assert not {"Cookie", "If-Match"} & sent.keys()


def test_the_user_agent_may_be_missing_and_the_media_type_plain() -> None:
    sent = headers(Style(chaos=frozenset({Chaos.NO_USER_AGENT, Chaos.PLAIN_JSON})))
    assert "User-Agent" not in sent
    assert sent["Content-Type"] == "application/json"


def test_the_url_arrives_as_it_was_composed() -> None:
    scim = FakeScim()
    with serving_scim(scim) as tenant_url, closing(Channel(tenant_url, Style(), lambda: TOKEN)) as channel:
        channel.send(wire.match(Kind.USER, 'emails[type eq "work"].value', "ann@contoso.com", Style()))
    query = "filter=emails%5btype+eq+%22work%22%5d.value+eq+%22ann%40contoso.com%22"
    assert scim.seen[0][0] == f"GET /scim/Users?{query} HTTP/1.1"


class OneAnswerEach(BaseHTTPRequestHandler):
    """Promises to keep the connection, and closes it."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = True


def test_a_connection_that_the_server_closed_is_opened_again() -> None:
    with serving(OneAnswerEach) as address, closing(Channel(address, Style(), lambda: TOKEN)) as channel:
        answers = [channel.send(wire.discover("Schemas", Style())) for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 200]


@pytest.mark.parametrize("kind", Kind)
def test_a_server_that_is_not_there_is_an_answer_too(kind: Kind) -> None:
    with closing(Channel("http://127.0.0.1:1/scim", Style(), lambda: TOKEN)) as channel:
        probe, read = (channel.send(each(kind)) for each in (lambda kind: wire.probe(kind, "id", Style()), _read))
    assert [finding.code for finding in examine(read)] == ["WebExceptionProtocolError"]
    assert [finding.code.endswith("CredentialValidationUnavailable") for finding in examine(probe)] == [True]


def _read(kind: Kind) -> wire.Request:
    return wire.read(kind, "1", Style())


def test_a_timeout_has_a_code_of_its_own() -> None:
    exchange = Exchange(_read(Kind.USER), failure="TimeoutError: timed out")
    assert [finding.code for finding in examine(exchange)] == ["Timeout"]


@pytest.mark.parametrize("tenant_url", ["", "scim.example", "ftp://scim.example/", "https:///scim"])
def test_what_is_no_tenant_url_is_refused(tenant_url: str) -> None:
    with pytest.raises(ValueError, match="is not a Tenant URL"):
        Channel(tenant_url, Style(), lambda: TOKEN)

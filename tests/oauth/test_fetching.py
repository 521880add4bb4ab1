"""Getting keys from the internet, and from nowhere inside our own network, whatever a name leads to."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from oauth import fetching
from oauth.fetching import FetchError, fetch
from tests.oauth.issuer import KEY, FakeEntra, published

HOST = "login.microsoftonline.com"
URL = f"https://{HOST}/keys"
OUTSIDE = "20.190.128.1"

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104  # an address to refuse
    "255.255.255.255",
    "224.0.1.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff0e::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


class Resolver:
    """Answers look-ups of the host with these lists of addresses, one after the other, and notes who connects where."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked, self.connected = list(answers), 0, list[tuple[str, int]]()

    def look_up(self, host: str, port: int, **_options: Any) -> list[Any]:
        assert host == HOST
        self.asked += 1
        return [(0, 0, 0, "", (address, port)) for address in self.answers.pop(0)]

    def connect(self, address: tuple[str, int], **_options: Any) -> socket.socket:
        self.connected.append(address)
        raise ConnectionRefusedError


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Any:
    def answering(*answers: list[str]) -> Resolver:
        resolver = Resolver(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", resolver.look_up)
        monkeypatch.setattr(socket, "create_connection", resolver.connect)
        return resolver

    return answering


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_followed(resolve: Any, address: str) -> None:
    resolver = resolve([address])
    with pytest.raises(FetchError, match="not out in the world"):
        fetch(URL)
    assert resolver.connected == []


@pytest.mark.parametrize("addresses", [[OUTSIDE, "10.0.0.1"], ["10.0.0.1", OUTSIDE]])
def test_every_address_of_a_name_counts(resolve: Any, addresses: list[str]) -> None:
    resolver = resolve(addresses)
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        fetch(URL)
    assert resolver.connected == []


def test_the_connection_goes_to_the_address_that_was_checked(resolve: Any) -> None:
    resolver = resolve([OUTSIDE], ["127.0.0.1"])
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch(URL)
    assert (resolver.asked, resolver.connected) == (1, [(OUTSIDE, 443)])


def test_every_address_is_tried(resolve: Any) -> None:
    resolver = resolve(["2603:1006:2000::1", "64:ff9b::14be:8001", OUTSIDE])
    with pytest.raises(FetchError):
        fetch(URL)
    assert [address for address, _ in resolver.connected] == ["2603:1006:2000::1", "64:ff9b::14be:8001", OUTSIDE]


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}:8443/keys",
        f"https://{HOST}:22/keys",
        f"https://{HOST}:/keys",
        f"https://{HOST}@127.0.0.1/keys",
        f"https://user:password@{HOST}/keys",
        f"http://{HOST}/keys",
        "http://10.0.0.1/keys",
        "http://127.0.0.1@evil.example/keys",
        "http://user@127.0.0.1:80/keys",
        "http://127.0.0.1:99999/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "https:///keys",
        "//evil.example/keys",
    ],
)
def test_an_odd_address_is_not_followed(resolve: Any, url: str) -> None:
    resolver = resolve()
    with pytest.raises(FetchError):
        fetch(url)
    assert (resolver.asked, resolver.connected) == (0, [])


@pytest.fixture
def fake() -> Iterator[FakeEntra]:
    with published(FakeEntra()) as fake:
        yield fake


def keys_of(fake: FakeEntra) -> str:
    return f"{fake.address}{fake.keys_path}"


def test_loopback_is_for_those_who_are_there_themselves(fake: FakeEntra, settings: Settings) -> None:
    assert str(KEY.kid).encode() in fetch(keys_of(fake))
    settings.IS_LOOPBACK = False
    with pytest.raises(FetchError, match="no address to fetch keys from"):
        fetch(keys_of(fake))
    assert fake.asked == 1


def test_a_redirect_is_not_followed(fake: FakeEntra) -> None:
    fake.status, fake.location = 302, keys_of(fake)
    with pytest.raises(FetchError, match="answered 302"):
        fetch(keys_of(fake))
    assert fake.asked == 1


def test_size_has_an_end(fake: FakeEntra) -> None:
    fake.body = b" " * fetching.MOST
    assert len(fetch(keys_of(fake))) == fetching.MOST
    fake.body += b" "
    with pytest.raises(FetchError, match="too much"):
        fetch(keys_of(fake))


def test_silence_has_an_end(fake: FakeEntra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_SECONDS_OF_SILENCE", 0.1)
    fake.go_on.clear()
    with pytest.raises(FetchError, match="timed out"):
        fetch(keys_of(fake))
    fake.go_on.set()


def test_dripping_has_an_end(fake: FakeEntra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", -1.0)
    with pytest.raises(FetchError, match="too slowly"):
        fetch(keys_of(fake))


def certificate(folder: Path, name: str) -> Path:
    """Make a certificate for a name, with its key in the same file; it vouches for itself."""
    private, now = KEY.private_key, datetime.now(UTC)
    assert private is not None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    builder = x509.CertificateBuilder(subject, subject, private.public_key(), 1, now, now + timedelta(days=1))
    for extension, critical in (
        (x509.SubjectAlternativeName([x509.DNSName(name)]), False),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (identifier, False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False),
    ):
        builder = builder.add_extension(extension, critical)
    made = builder.sign(private, SHA256()).public_bytes(Encoding.PEM)
    file = folder / f"{name}.pem"
    file.write_bytes(made + private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


@contextmanager
def tls_server(proof: Path) -> Iterator[int]:
    """Answer one request over TLS on this port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(proof)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_once, args=(listener, context))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def _answer_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    raw, _ = listener.accept()
    with raw, suppress(OSError), context.wrap_socket(raw, server_side=True) as secured:
        secured.recv(4096)
        secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def fetched_from(port: int, trusted: Path | None, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Fetch with the host leading to a port of ours, and with its certificate among the trusted ones or not."""
    here = ("127.0.0.1", port)
    context = ssl.create_default_context(cafile=trusted)
    monkeypatch.setattr(fetching, "_checked", lambda _host, _port: [here[0]])
    monkeypatch.setattr(fetching, "_open", lambda _addresses, _port: socket.create_connection(here, timeout=5))
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    return fetch(URL)


def test_a_server_that_proves_its_name_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = certificate(tmp_path, HOST)
    with tls_server(proof) as port:
        assert fetched_from(port, proof, monkeypatch) == b"{}"


@pytest.mark.parametrize("name, trusted", [(HOST, False), ("login.evil.example", True)])
def test_a_server_that_cannot_prove_its_name_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, trusted: bool
) -> None:
    proof = certificate(tmp_path, name)
    with tls_server(proof) as port, pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
        fetched_from(port, proof if trusted else None, monkeypatch)

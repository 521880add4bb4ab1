"""Getting a small document from somebody else's server, and from nowhere inside our own network.

Every address of the host is looked at, and the connection goes to one that was: a name that leads elsewhere a moment
later leads nowhere. No redirects, no proxies, and an end to size and time.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOST = 256 * 1024  # bytes; Entra's keys are about 12,000
SECONDS = 5.0  # for all of it, looking up the name apart
_SECONDS_OF_SILENCE = 3.0

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address, where a network has no other way to it


class FetchError(Exception):
    """The document could not be had; the message says why, as the end of a sentence."""


def fetch(url: str) -> bytes:
    """Return what is at an https address out in the world, or at an http one on loopback while we are there too.

    Raises FetchError.
    """
    parts = urlsplit(url)
    try:
        return _answer(parts, _connect(parts))
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{parts.hostname} cannot be reached: {error}") from error


def _connect(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https" and host and parts.netloc == host:
        context, raw = ssl.create_default_context(), _open(_checked(host, 443), 443)
        connection: HTTPConnection = HTTPSConnection(host, context=context)
        connection.sock = context.wrap_socket(raw, server_hostname=host)
        return connection
    if parts.scheme == "http" and settings.IS_LOOPBACK and host in _LOOPBACK and parts.username is None:
        return HTTPConnection(host, parts.port, timeout=_SECONDS_OF_SILENCE)
    raise FetchError(f"{parts.scheme}://{parts.netloc} is no address to fetch keys from")


def _checked(host: str, port: int) -> list[str]:
    """Return all addresses of a host, if all of them are out in the world. Raises FetchError, OSError."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    inside = [address for address in found if not _is_outside(address)]
    if inside:
        raise FetchError(f"{host} leads to {inside[0]}, which is not out in the world")
    return found


def _is_outside(address: str) -> bool:
    return all(one.is_global and not one.is_multicast for one in _meant(ip_address(address.partition("%")[0])))


def _meant(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """Yield the address, and the IPv4 address that it may stand for."""
    translated = isinstance(address, IPv6Address) and address in _TRANSLATED
    if not translated:
        yield address
    if isinstance(address, IPv6Address):
        inner = IPv4Address(address.packed[-4:]) if translated else address.ipv4_mapped or address.sixtofour
        yield from () if inner is None else (inner,)


def _open(addresses: Iterable[str], port: int) -> socket.socket:
    fault = OSError("it has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=_SECONDS_OF_SILENCE)
        except OSError as error:
            fault = error
    raise fault


def _answer(parts: SplitResult, connection: HTTPConnection) -> bytes:
    deadline = time.monotonic() + SECONDS
    try:
        connection.request("GET", parts.path, headers={"Accept": "application/json", "User-Agent": "SecureLogin"})
        with connection.getresponse() as response:
            if response.status != 200:
                raise FetchError(f"{parts.hostname} answered {response.status}")
            body = b""
            while chunk := response.read1(MOST):
                body += chunk
                if len(body) > MOST or time.monotonic() > deadline:
                    raise FetchError(f"{parts.hostname} answered with too much or too slowly")
            return body
    finally:
        connection.close()

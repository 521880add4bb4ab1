"""The client's address: what trusted proxies wrote, and nothing that a caller can invent."""

from ipaddress import IPv4Address

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from securelogin.signin.addresses import client_address, neighbourhood


@pytest.mark.parametrize(
    "proxies,forwarded,expected",
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "invented, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "10.0.0.1", "192.0.2.1"),
        (1, "not an address", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_outermost_trusted_proxy_decides(
    settings: Settings, rf: RequestFactory, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_a_server_on_a_socket_knows_no_address(rf: RequestFactory) -> None:
    assert not any(IPv4Address(client_address(rf.get("/", REMOTE_ADDR=""))).packed)


@pytest.mark.parametrize(
    "address,expected",
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_failures_are_counted_by_customer(address: str, expected: str) -> None:
    assert neighbourhood(address) == expected

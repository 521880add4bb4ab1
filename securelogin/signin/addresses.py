"""From which address a request comes, trusting no more proxies than are configured."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_UNKNOWN = "0.0.0.0"  # noqa: S104  # no address to listen on, but what we say when a server gives none (a Unix socket)


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP address: the peer's, or the one that the outermost trusted proxy wrote down.

    Each proxy appends the address it was called from; whatever stands left of ours may be invented. WSGI spells
    `X_Forwarded_For` alike (PEP 3333, CGI names), so the proxy must drop names with underscores (README, "In
    production").
    """
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop.strip() for hop in forwarded.split(",")]
    trusted = int(settings.TRUSTED_PROXIES)
    if trusted and len(hops) >= trusted and _is_address(hops[-trusted]):
        return hops[-trusted]
    peer: str = request.META.get("REMOTE_ADDR", "")
    return peer if _is_address(peer) else _UNKNOWN


def neighbourhood(address: str) -> str:
    """Return what to count failures by: an IPv4 address, or the /64 of an IPv6 one, which belongs to one customer."""
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or ip_network(f"{address.partition('%')[0]}/64", strict=False))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""Whose assertions a domain may trust: tenants of Entra's clouds, and where each publishes its keys (RFC 7523 §3 (1)).

A table of hosts, not discovery: whoever makes a trust must not be able to choose what this server connects to.
"""

import re

from django.conf import settings

# Entra's public cloud, the one for the US government, and the one in China.
CLOUDS = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ENTRA = re.compile(rf"(?P<base>https://(?:{'|'.join(map(re.escape, CLOUDS))})/(?P<tenant>{_GUID}))/v2\.0")
# A stand-in for Entra on this machine, for as long as we are reached at a loopback address ourselves.
_LOOPBACK = re.compile(rf"(?P<base>http://(?:127\.0\.0\.1|localhost|\[::1\]):\d{{1,5}}/(?P<tenant>{_GUID}))/v2\.0")


class UnknownIssuerError(ValueError):
    """Not an issuer that can be trusted here; the message says what one looks like."""


def is_guid(text: str) -> bool:
    return re.fullmatch(_GUID, text) is not None


def issuer_of(tenant_id: str) -> str:
    """Return the issuer of a tenant of Entra's public cloud."""
    return f"https://{CLOUDS[0]}/{tenant_id}/v2.0"


def tenant_of(issuer: str) -> str:
    """Return the tenant that this issuer speaks for. Raises UnknownIssuerError."""
    return _match(issuer)["tenant"]


def keys_url(issuer: str) -> str:
    """Return where this issuer publishes its keys. Raises UnknownIssuerError."""
    return f"{_match(issuer)['base']}/discovery/v2.0/keys"


def _match(issuer: str) -> re.Match[str]:
    found = _ENTRA.fullmatch(issuer) or (_LOOPBACK.fullmatch(issuer) if settings.IS_LOOPBACK else None)
    if found is None:
        raise UnknownIssuerError(
            f"The issuer is https://, one of {', '.join(CLOUDS)}, the tenant id and /v2.0, "
            f"as in {issuer_of('00000000-0000-0000-0000-000000000000')}."
        )
    return found

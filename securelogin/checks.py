"""Refusals with an id, for `manage.py check --deploy`: what runs on a laptop and must not run in production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django's own name for it


def check_public_url(**_options: Any) -> list[CheckMessage]:
    """A loopback address also allows http, and redirects and issuers on loopback: fine for a demo, and nowhere else."""
    if settings.IS_LOOPBACK:
        hint = "Set PUBLIC_URL to the address that Entra and your managers use, as in https://login.example.com."
        return [Error("PUBLIC_URL is a loopback address.", hint=hint, id="securelogin.E001")]
    if not settings.PUBLIC_URL.startswith("https://"):
        hint = "Entra speaks to https addresses only; let a proxy in front end TLS."
        return [Error("PUBLIC_URL is not https.", hint=hint, id="securelogin.E002")]
    return []


def check_database(**_options: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return []
    hint = "Set DATABASE_URL=postgresql://…; SQLite serves one machine and has one writer at a time."
    return [Warning("The database is SQLite.", hint=hint, id="securelogin.W003")]


def check_proxies(**_options: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL.startswith("https://") and not settings.SECURE_PROXY_SSL_HEADER:
        hint = "Set BEHIND_PROXY=true: TLS ends at a proxy, which must overwrite X-Forwarded-Proto."
        return [Warning("PUBLIC_URL is https and BEHIND_PROXY is false.", hint=hint, id="securelogin.W005")]
    if settings.SECURE_PROXY_SSL_HEADER and not settings.TRUSTED_PROXIES:
        hint = "Set TRUSTED_PROXIES to how many proxies write X-Forwarded-For; else all clients share one address."
        return [Warning("BEHIND_PROXY is true and TRUSTED_PROXIES is 0.", hint=hint, id="securelogin.W004")]
    return []

"""What a manager copies from here into Entra: addresses that are the same for every domain."""

from django.conf import settings
from django.urls import reverse


def tenant_url() -> str:
    """Entra's *Tenant URL*: where SCIM answers."""
    return f"{settings.PUBLIC_URL}/scim/v2"


def token_endpoint() -> str:
    """Entra's *OAuth token endpoint*."""
    return f"{settings.PUBLIC_URL}{reverse('oauth2_provider:token')}"


def authorization_endpoint() -> str:
    return f"{settings.PUBLIC_URL}{reverse('oauth2_provider:authorize')}"

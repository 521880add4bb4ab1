"""Making clients: Entra's, which is one for all domains, and its secrets. The operator's commands call this."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from oauth.models import Application
from oauth.secrets import add_secret

# Where Entra's portals, in each of Microsoft's clouds, wait for the answer to Authorize.
ENTRA_REDIRECT_URIS = (
    "https://portal.azure.com/TokenAuthorize",
    "https://entra.microsoft.com/TokenAuthorize",
    "https://portal.azure.us/TokenAuthorize",
    "https://entra.microsoft.us/TokenAuthorize",
    "https://portal.azure.cn/TokenAuthorize",
)


def create_entra_application(
    name: str = "Microsoft Entra ID",
    redirect_uris: Sequence[str] = ENTRA_REDIRECT_URIS,
    secret_lifetime: timedelta | None = None,
) -> tuple[Application, str]:
    """Create the client that Entra authorizes with, and return it with its secret, which cannot be read again.

    Raises django's ValidationError when a redirect address is not one (RFC 6749 §3.1.2).
    """
    application = Application(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=" ".join(redirect_uris),
        skip_authorization=True,
        pkce_required=False,  # Entra sends no code_challenge
        rotate_refresh_tokens=False,  # Entra must be able to retry a refresh whose answer it never saw
    )
    application.full_clean()
    with transaction.atomic():
        application.save()
        return application, add_secret(application, secret_lifetime)

"""Making clients: the one of Authorize, which serves all domains, and one for each connection by client credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from oauth.connections import Author, BadTermsError, check, set_up
from oauth.models import LONGEST_TOKEN, SHORTEST_TOKEN, Application, Connection
from oauth.secrets import USUAL_SECRET, BadLifetimeError, add_secret, check_lifetime
from securelogin.directory.models import Domain

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


@dataclass(frozen=True, slots=True)
class ClientTerms:
    """What a client's connection is called and may do, and how long its tokens and its first secret live, within what
    Microsoft asks of both. Raises BadTermsError with a sentence.
    """

    name: str
    scope: str = "scim"
    token_lifetime: timedelta = SHORTEST_TOKEN
    secret_lifetime: timedelta = USUAL_SECRET

    def __post_init__(self) -> None:
        check(self)
        if not SHORTEST_TOKEN <= self.token_lifetime <= LONGEST_TOKEN:
            raise BadTermsError(_("An access token lives from 1 to 6 hours."))
        try:
            check_lifetime(self.secret_lifetime)
        except BadLifetimeError as error:
            raise BadTermsError(str(error)) from error


def connect_client(domain: Domain, terms: ClientTerms, author: Author) -> tuple[Connection, str]:
    """Connect a domain by a client of its own (RFC 6749 §4.4); return that with its secret, which cannot be read again.

    The client's id is `connection.application.client_id`.
    """
    with transaction.atomic():
        application = own_application(terms.name, author, terms.token_lifetime)
        connection = set_up(domain, Connection.Kind.CLIENT, terms, author, application)
        return connection, add_secret(application, terms.secret_lifetime)


def own_application(name: str, author: Author, token_lifetime: timedelta = SHORTEST_TOKEN) -> Application:
    """Make the client of a single connection, which gets its tokens without anybody pressing Authorize."""
    return Application.objects.create(
        name=name.strip(),
        user=author.person,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        token_lifetime=token_lifetime,
    )

"""What the token endpoint grants: codes, refreshing and client credentials, and nothing else (RFC 6749 §4.1, §4.4, §6).

django-oauth-toolkit makes one for each request, from its settings (OAUTH2_SERVER_CLASS).
"""

from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2 import WebApplicationServer
from oauthlib.oauth2.rfc6749.grant_types import ClientCredentialsGrant

from oauth.models import Application


class Server(WebApplicationServer):  # type: ignore[misc]  # the base ships no types
    """oauthlib's server for codes, with client credentials beside them. Its other one that has both would grant
    passwords and tokens in addresses too, which RFC 9700 §2.1.2 and §2.4 forbid.
    """

    def __init__(self, request_validator: Any, **settings: Any) -> None:
        super().__init__(request_validator, **settings | {"token_expires_in": token_lifetime})
        self.grant_types["client_credentials"] = ClientCredentialsGrant(request_validator)


def token_lifetime(request: Request) -> int:
    """Return for how many seconds a token of this client is valid: Entra wants 1 to 6 hours."""
    client: Application = request.client
    return int(client.token_lifetime.total_seconds())

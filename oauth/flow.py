"""From Authorize to the login and back: the errand that an authorization request becomes (RFC 6749 §4.1)."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from oauth2_provider.http import OAuth2ResponseRedirect
from oauthlib.oauth2.rfc6749 import errors

from oauth.models import Application
from securelogin.directory.permissions import Permission
from securelogin.pages import message
from securelogin.policy import lead_back_to
from securelogin.signin.errands import Errand

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # a SHA-256 digest


def errand_for(
    request: HttpRequest, application: Application, scopes: Sequence[str], credentials: dict[str, Any]
) -> Errand:
    """Describe the validated request to the login pages; signing in leads back to exactly this address."""
    redirect_uri = str(credentials["redirect_uri"])
    denied = {"error": "access_denied", "error_description": "The manager cancelled."}
    return Errand(
        return_to=request.get_full_path(),
        cancel_to=with_answer(redirect_uri, denied, credentials.get("state")),
        banner=_banner(scopes) % {"client": application.name},
        form_action_origin=origin(redirect_uri),
        permission=Permission.CONNECT,
    )


def _banner(scopes: Sequence[str]) -> str:
    """Say what she allows. The same for every domain: what this one has so far is for its managers to know."""
    if "scim" in scopes:
        return _(
            "%(client)s asks to create, change, disable and remove the users and groups of your domain. "
            "Login allows it, and replaces any earlier connection of your domain with it."
        )
    return _(
        "%(client)s asks to read the users and groups of your domain. "
        "Login allows it, and replaces any earlier connection of your domain with it."
    )


def fault_of_challenge(credentials: dict[str, Any]) -> errors.OAuth2Error | None:
    """Return what is wrong with the PKCE parameters (RFC 7636 §4.2; RFC 9700 §2.1.1: S256 only), before any login."""
    challenge, method = credentials.get("code_challenge"), credentials.get("code_challenge_method")
    if challenge is None or (method == "S256" and _CHALLENGE.fullmatch(challenge)):
        return None
    sentence = "The code_challenge must be 43 characters of Base64url, and code_challenge_method S256."
    return errors.InvalidRequestError(description=sentence, state=credentials.get("state"))


def with_answer(redirect_uri: str, parameters: dict[str, str], state: str | None) -> str:
    """Return the client's address with our answer, its state as sent, and our name (RFC 9207 §2)."""
    answer = parameters | ({} if state is None else {"state": state}) | {"iss": settings.PUBLIC_URL}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answer)}"


def send_back(address: str) -> HttpResponse:
    """Redirect to the client, whose window must not lose its opener on the way."""
    schemes = Application().get_allowed_schemes()
    return lead_back_to(OAuth2ResponseRedirect(address, schemes), origin(address))


def send_error_back(error: errors.OAuth2Error, redirect_uri: str) -> HttpResponse:
    """Tell a client that we know, at an address of its own, what is wrong with its request (RFC 6749 §4.1.2.1)."""
    parameters = {"error": str(error.error)}
    if error.description:
        parameters["error_description"] = error.description
    return send_back(with_answer(redirect_uri, parameters, error.state))


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """Show what is wrong here: a request whose client or address we do not know is never sent anywhere."""
    again = _(
        "Check the client id and the reply address with whoever set up this application, and start again in Entra."
    )
    return message(request, _("This link does not work"), [sentence, again], status=400)


def sentence_for(error: errors.OAuth2Error) -> str:
    """Say for a person why a request cannot be trusted."""
    if isinstance(error, errors.InvalidClientIdError | errors.MissingClientIdError):
        return _("The link names no application that is known here (client_id).")
    if isinstance(error, errors.MismatchingRedirectURIError | errors.InvalidRedirectURIError):
        return _("The link wants the answer at an address that is not registered for this application (redirect_uri).")
    if isinstance(error, errors.MissingRedirectURIError):
        return _("The link does not say where the answer should go (redirect_uri).")
    return _("The link is damaged or names something twice.")


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

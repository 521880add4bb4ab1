"""Authorization's endpoints (RFC 6749 §3, RFC 7009 §2): thin, and each token request one transaction."""

import json
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2.rfc6749 import errors

from oauth import flow, trace, trusts
from oauth.guards import fault_of_form, query_is_sound
from oauth.models import Application
from securelogin.directory.permissions import Permission
from securelogin.directory.retry import repeated
from securelogin.signin import errands
from securelogin.signin.addresses import client_address
from securelogin.signin.rights import may


@method_decorator(never_cache, name="dispatch")
class AuthorizeView(OAuthLibMixin, View):  # type: ignore[misc]  # the base ships no types
    """The authorization endpoint. The client and its address are checked before anybody is asked for a password."""

    http_method_names = ["get"]  # noqa: RUF012  # as Django declares it

    def get(self, request: HttpRequest) -> HttpResponse:
        """Start the errand of signing in, or, when somebody comes back from it, issue the code."""
        if not query_is_sound(request.META.get("QUERY_STRING", "")):
            trace.refused(request, "", "unreadable query")
            return flow.refuse(request, _("The link is damaged or too long."))
        try:
            scopes, credentials = self.validate_authorization_request(request)
        except FatalClientError as error:
            trace.refused(request, request.GET.get("client_id", ""), error.oauthlib_error.error)
            return flow.refuse(request, flow.sentence_for(error.oauthlib_error))
        except OAuthToolkitError as error:
            return _send_error_back(request, error.oauthlib_error, error.oauthlib_error.redirect_uri)
        return self._begin_or_finish(request, scopes, credentials)

    def _begin_or_finish(self, request: HttpRequest, scopes: list[str], credentials: dict[str, Any]) -> HttpResponse:
        fault = flow.fault_of_challenge(credentials)
        if fault is not None:
            return _send_error_back(request, fault, str(credentials["redirect_uri"]))
        # Whoever is signed in already signs in again: the password is her consent to just this.
        user = errands.take(request, request.get_full_path())
        if user is None:
            application = Application.objects.get(client_id=credentials["client_id"])
            return errands.begin(request, flow.errand_for(request, application, scopes, credentials))
        # Her role may have been taken from her since.
        if not may(user, Permission.CONNECT):
            denied = errors.AccessDeniedError(_NOT_ANY_MORE, state=credentials.get("state"))
            return _send_error_back(request, denied, str(credentials["redirect_uri"]))
        return self._issue_code(request, " ".join(scopes), credentials)

    def _issue_code(self, request: HttpRequest, scopes: str, credentials: dict[str, Any]) -> HttpResponse:
        named = credentials | {"address": client_address(request)}
        try:
            address = repeated(self._address_with_code)(request, scopes, named)
        except OAuthToolkitError as error:
            return _send_error_back(request, error.oauthlib_error, str(credentials["redirect_uri"]))
        except (OperationalError, InterfaceError, IntegrityError):
            away = errors.TemporarilyUnavailableError(_AWAY, state=credentials.get("state"))
            return _send_error_back(request, away, str(credentials["redirect_uri"]))
        return flow.send_back(address)

    def _address_with_code(self, request: HttpRequest, scopes: str, named: dict[str, Any]) -> str:
        with transaction.atomic():
            address, _headers, _body, _status = self.create_authorization_response(request, scopes, named, allow=True)
        return str(address)


@method_decorator(csrf_exempt, name="dispatch")
class _ClientEndpoint(OAuthLibMixin, View):  # type: ignore[misc]  # the base ships no types
    """What the endpoints that clients call have in common: checked forms, one transaction, answers in JSON."""

    http_method_names = ["post"]  # noqa: RUF012  # as Django declares it

    @method_decorator(sensitive_post_parameters())
    def post(self, request: HttpRequest) -> HttpResponse:
        return trace.traced(request, self._answered)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        fault = fault_of_form(request)
        if fault is not None:
            return _json({"error": "invalid_request", "error_description": fault}, 400)
        trace.called_by(request.POST.get("client_id", ""))
        try:
            trusts.prepare(request.POST.get("client_id", ""), request.POST.get("client_assertion", ""))
            headers, body, status = repeated(self._settled)(request)
        except (OperationalError, InterfaceError, IntegrityError):
            return _unavailable()
        return _respond(headers, body, status)

    def _settled(self, request: HttpRequest) -> tuple[dict[str, str], str, int]:
        # The locks that the validator takes hold until the answer is settled.
        with transaction.atomic():
            return self.answer(request)

    def http_method_not_allowed(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        fault = {"error": "invalid_request", "error_description": f"Use POST here, not {request.method}."}
        return _json(fault, 405, Allow="POST")

    def answer(self, request: HttpRequest) -> tuple[dict[str, str], str, int]:
        raise NotImplementedError


class TokenView(_ClientEndpoint):
    """The token endpoint (RFC 6749 §3.2)."""

    def answer(self, request: HttpRequest) -> tuple[dict[str, str], str, int]:
        _uri, headers, body, status = self.create_token_response(request)
        return headers, body, status


class RevokeView(_ClientEndpoint):
    """The revocation endpoint (RFC 7009 §2.1)."""

    def answer(self, request: HttpRequest) -> tuple[dict[str, str], str, int]:
        _uri, headers, body, status = self.create_revocation_response(request)
        return headers, body, status


def _send_error_back(request: HttpRequest, error: errors.OAuth2Error, redirect_uri: str) -> HttpResponse:
    trace.refused(request, request.GET.get("client_id", ""), str(error.error))
    return flow.send_error_back(error, redirect_uri)


def _respond(headers: dict[str, str], body: str | None, status: int) -> HttpResponse:
    # oauthlib leaves the type out of what it refuses before it looks at the grant.
    headers = {"Content-Type": "application/json"} | headers | _NO_STORE
    response = HttpResponse(_explained(body or ""), status=status, headers=headers)
    if status == 401:
        # RFC 6749 §5.2: the scheme in which a client authenticates; stock names Bearer.
        response["WWW-Authenticate"] = 'Basic realm="oauth"'
    return response


def _explained(body: str) -> str:
    """Add a sentence to an error that oauthlib leaves bare (RFC 6749 §5.2, error_description)."""
    answer = json.loads(body) if body else {}
    sentence = _SENTENCES.get(answer.get("error", ""))
    if sentence is None or answer.get("error_description"):
        return body
    return json.dumps(answer | {"error_description": sentence})


def _unavailable() -> HttpResponse:
    fault = {"error": "temporarily_unavailable", "error_description": _AWAY}
    return _json(fault, 503, **{"Retry-After": "30"})


def _json(body: dict[str, str], status: int, **headers: str) -> HttpResponse:
    return JsonResponse(body, status=status, headers=headers | _NO_STORE)


_NOT_ANY_MORE = "You may not connect this domain any more. Ask one of its owners."
_AWAY = "The database is away. Try again."
_SENTENCES = {
    "invalid_grant": "The code does not fit its redirect_uri or code_verifier. Press Authorize again in Entra.",
    "invalid_scope": "Ask for the scopes scim or scim:read, and for no more than was granted.",
    "unauthorized_client": "This client may not use this grant_type.",
    "unsupported_grant_type": "Use authorization_code, refresh_token or client_credentials as grant_type.",
}
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749 §5.1

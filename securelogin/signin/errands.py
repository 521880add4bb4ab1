"""Errands: what somebody wants to do that needs a fresh sign-in first, parked in her session until she has done so.

An errand is found by an id that is worthless in another session, lives ten minutes and is run once.
"""

import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from securelogin.directory.models import User
from securelogin.directory.permissions import Permission
from securelogin.policy import lead_back_to

LIFETIME = 600  # seconds
_SESSION_KEY = "errands"
_MOST = 10  # tabs at a time; the oldest is dropped


@dataclass(frozen=True, slots=True)
class Errand:
    """Where to go after signing in, and what the pages on the way say and allow."""

    return_to: str  # a path of our own, with its query
    cancel_to: str
    banner: str
    form_action_origin: str  # where the last redirect leads, as the login page's policy must know
    permission: Permission


def begin(request: HttpRequest, errand: Errand) -> HttpResponse:
    """Park the errand and start with the page that asks for the domain."""
    identifier = park(request, errand)
    return lead_back_to(redirect(f"{reverse('signin:go')}?flow={identifier}"), errand.form_action_origin)


def park(request: HttpRequest, errand: Errand) -> str:
    """Keep the errand in the session and return its id."""
    identifier = secrets.token_urlsafe(16)
    parked = _parked(request)
    parked[identifier] = asdict(errand) | {"since": time.time()}
    for oldest in sorted(parked, key=lambda key: float(parked[key]["since"]))[:-_MOST]:
        del parked[oldest]
    request.session[_SESSION_KEY] = parked
    return identifier


def find(request: HttpRequest, identifier: str) -> Errand | None:
    """Return the errand that waits for a sign-in; None when it is unknown here, too old, or signed in for already."""
    kept = _parked(request).get(identifier)
    if kept is None or "user" in kept:
        return None
    return _errand(kept)


def sign_for(request: HttpRequest, identifier: str, user: User) -> None:
    """Note that this person signed in for the errand, if it has not become too old meanwhile."""
    parked = _parked(request)
    if identifier in parked:
        parked[identifier] |= {"user": str(user.pk)}
    request.session[_SESSION_KEY] = parked


def unsigned(request: HttpRequest) -> dict[str, Any]:
    """Return the errands that wait: Django empties the session when another person signs in, and these must stay."""
    return {key: kept for key, kept in _parked(request).items() if "user" not in kept}


def restore(request: HttpRequest, parked: dict[str, Any]) -> None:
    request.session[_SESSION_KEY] = parked


def take(request: HttpRequest, return_to: str) -> User | None:
    """Remove an errand that leads exactly here, and return who signed in for it, if she is still that person.

    The whole address is compared, so that what was shown before signing in is what is done after it. Her session
    carries the epoch it was begun under, and ends with it; an errand that lives in it needs none of its own.
    """
    user = get_user(request)
    if not isinstance(user, User):
        return None
    parked = _parked(request)
    signed = {"return_to": return_to, "user": str(user.pk)}
    for identifier, kept in parked.items():
        if signed.items() <= kept.items():
            del parked[identifier]
            request.session[_SESSION_KEY] = parked
            return user
    return None


def _parked(request: HttpRequest) -> dict[str, Any]:
    alive = time.time() - LIFETIME
    return {key: kept for key, kept in request.session.get(_SESSION_KEY, {}).items() if kept["since"] > alive}


def _errand(kept: dict[str, Any]) -> Errand:
    return Errand(
        return_to=kept["return_to"],
        cancel_to=kept["cancel_to"],
        banner=kept["banner"],
        form_action_origin=kept["form_action_origin"],
        permission=Permission(kept["permission"]),
    )

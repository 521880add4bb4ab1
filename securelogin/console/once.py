"""Forms that count once: a ticket of the session, spent by the first answer, so that no reload makes a second secret.

A secret is nowhere but in the answer that shows it. Keeping it for a page to redirect to would write it down.
"""

import secrets

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

_SESSION_KEY = "tickets"
_MOST = 10  # forms open at a time; the oldest has to be opened anew


def issue(request: HttpRequest) -> str:
    """Return a ticket for a form that is about to be shown."""
    ticket = secrets.token_urlsafe(12)
    request.session[_SESSION_KEY] = [*request.session.get(_SESSION_KEY, []), ticket][-_MOST:]
    return ticket


def spend(request: HttpRequest, ticket: str) -> bool:
    """Tell whether this is the first time that the form is sent; of two that come at once, one is."""
    with transaction.atomic():
        Session.objects.select_for_update().filter(pk=request.session.session_key).first()
        kept = SessionStore(request.session.session_key)  # as it is now, not as this request found it
        tickets = kept.get(_SESSION_KEY, [])
        is_first = ticket in tickets
        kept[_SESSION_KEY] = request.session[_SESSION_KEY] = [each for each in tickets if each != ticket]
        if is_first:
            kept.save(must_create=False)
    return is_first

"""Sudo: the password once more, before something is made that outlives the session; good for ten minutes."""

import time

from django.http import HttpRequest

from securelogin.directory.models import User
from securelogin.signin.attempt import attempt

LIFETIME = 600  # seconds
_SESSION_KEY = "sudo"


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether the password was given again lately, in this session, which is one person's alone."""
    return bool(time.time() - LIFETIME < request.session.get(_SESSION_KEY, 0) <= time.time())


def confirm(request: HttpRequest, user: User, password: str) -> bool:
    """Tell whether this is her password; wrong ones are throttled together with those at the login page."""
    if attempt(request, user.domain.name, user.user_name, password) != user:
        return False
    request.session[_SESSION_KEY] = time.time()
    return True

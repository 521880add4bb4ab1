"""One attempt to sign in: throttled, and of one cost and one answer whatever is wrong with it."""

import logging

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from securelogin.directory.models import User
from securelogin.signin.addresses import client_address
from securelogin.signin.throttle import admit, forgive, keys_of

logger = logging.getLogger(__name__)


def attempt(request: HttpRequest, domain: str, username: str, password: str) -> User | None:
    """Return who signs in, or None; the caller says the same sentence for every reason."""
    address = client_address(request)
    keys = keys_of(domain, username, address)
    if not admit(keys):
        make_password(password)
        logger.warning("Sign-in to %s from %s has to wait", domain, address)
        return None
    user = authenticate(request, domain=domain, username=username, password=password)
    if not isinstance(user, User):
        logger.info("Sign-in to %s from %s failed", domain, address)
        return None
    forgive(keys)
    return user

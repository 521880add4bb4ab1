"""One attempt to sign in: throttled, and of one cost and one answer whatever is wrong with it."""

import logging

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, User
from securelogin.directory.text import comparison_key
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
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
        _note(request, domain, username, "sign_in_wait")
        return None
    user = authenticate(request, domain=domain, username=username, password=password)
    if not isinstance(user, User):
        logger.info("Sign-in to %s from %s failed", domain, address)
        _note(request, domain, username, "sign_in")
        return None
    forgive(keys)
    return user


def _note(request: HttpRequest, domain: str, username: str, error_id: str) -> None:
    """Leave a line of the refusal in the domain's logbook. What was typed is kept only if it is somebody's name there:
    else it may be a password in the wrong field. The cost is the same for a domain that is not there.
    """
    exchange = Exchange(uuid7(), request.method or "", request.path_info, status=401, error_id=error_id)
    here = Domain.objects.filter(name=domain, kind=Domain.Kind.TENANT).first()
    user = User.objects.filter(domain__name=domain, user_name_key=comparison_key(username)).first()
    exchange.domain_id = here.pk if here else None
    if user is not None:
        exchange.about("User", user.pk, user.user_name)
        exchange.actor_label = user.user_name
    exchange.detail = f"A sign-in from {client_address(request)} was refused."
    writer.record(exchange)

"""A forgotten password: a link by mail to the manager's own address, which no provisioning can change."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from securelogin import mail
from securelogin.directory.domains import set_password
from securelogin.directory.models import Domain, Manager, User
from securelogin.directory.text import comparison_key
from securelogin.language import supported
from securelogin.signin import links
from securelogin.signin.addresses import client_address, neighbourhood
from securelogin.signin.models import LoginFailure, ResetLink
from securelogin.signin.throttle import Key, admit

LIFETIME = timedelta(hours=1)
# Whoever asks for somebody else's can fill her mailbox with no more than these.
MOST_AN_HOUR = 3


def send_link(request: HttpRequest, domain: str, username: str, flow: str) -> None:
    """Mail a link to whoever manages the domain under this name; nobody who asks learns whether there is anybody.

    `flow` names the errand that she is on, which is worth something in the session alone that it waits in.
    """
    if not admit(_keys(domain, username, client_address(request))):
        return
    manager = _manager(domain, username)
    if manager is None or _had_enough(manager.user):
        return
    link, expires = links.new_link(), timezone.now() + LIFETIME
    tied_to = manager.user.get_session_auth_hash()
    ResetLink.objects.create(
        domain=manager.domain, user=manager.user, digest=links.digest(link), tied_to=tied_to, expires=expires
    )
    with translation.override(_language_of(manager.user)):
        # Behind her back: how long a mail server takes would tell whether there is somebody to write to.
        mail.send_soon([manager.login_email], _subject(manager), _body(manager, link, flow))


def find(link: str) -> User | None:
    """Return whose password a link may set, while it is good."""
    found = ResetLink.objects.select_related("user__domain").filter(digest=links.digest(link))
    row = found.filter(expires__gt=timezone.now(), domain__state=Domain.State.ACTIVE).first()
    if row is None or not row.user.is_active:
        return None
    return row.user if constant_time_compare(row.tied_to, row.user.get_session_auth_hash()) else None


def reset(link: str, password: str) -> bool:
    """Set the password; her sessions and other links end. Tells whether the link was still good: it is so once."""
    with transaction.atomic():
        # Whoever comes second waits here, and then finds that the password is another one.
        ResetLink.objects.select_for_update().filter(digest=links.digest(link)).first()
        user = find(link)
        if user is None:
            return False
        set_password(user, password)
        ResetLink.objects.filter(user=user).delete()
    return True


def forget_over() -> int:
    """Delete links that are over, and return how many those were; for housekeeping."""
    return ResetLink.objects.filter(expires__lt=timezone.now()).delete()[0]


def _keys(domain: str, username: str, address: str) -> list[Key]:
    """Return what asking is counted by: apart from failures to sign in, which asking must not add to."""
    place = neighbourhood(address)
    person = f"{domain}/{comparison_key(username)}"
    visitor = Key.of(LoginFailure.Kind.VISITOR, f"forgot {place} {person}")
    return [visitor, Key.of(LoginFailure.Kind.ADDRESS, f"forgot {place}")]


def _manager(domain: str, username: str) -> Manager | None:
    named = Manager.objects.select_related("user", "domain").exclude(login_email="")
    active = named.filter(domain__name=domain, domain__state=Domain.State.ACTIVE, user__active=True)
    return active.filter(user__user_name_key=comparison_key(username)).first()


def _had_enough(user: User) -> bool:
    lately = ResetLink.objects.filter(user=user, created__gt=timezone.now() - timedelta(hours=1))
    return lately.count() >= MOST_AN_HOUR


def _language_of(user: User) -> str:
    return supported(user.attributes.get("preferredLanguage")) or translation.get_language() or settings.LANGUAGE_CODE


def _subject(manager: Manager) -> str:
    return _("Set a new password for %(domain)s in SecureLogin") % {"domain": manager.domain.display_name}


def _body(manager: Manager, link: str, flow: str) -> str:
    address = f"{settings.PUBLIC_URL}{reverse('signin:reset', args=[link])}{f'?flow={flow}' if flow else ''}"
    paragraphs = [
        _("Somebody, probably you, asked for a new password for the account %(username)s.")
        % {"username": manager.user.user_name},
        _("Open this page within an hour and choose one:"),
        address,
        _("The link works once. If it was not you, leave it: your password stays as it is."),
    ]
    return "\n\n".join(paragraphs) + "\n"

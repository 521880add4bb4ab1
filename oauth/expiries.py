"""Keys and secrets that are about to expire: whom to tell, 30, 7 and 1 days ahead, and what to do about it.

Entra puts a job whose credential has expired into quarantine, so nobody should learn of it from there. What has been
replaced already is not spoken of, unless Entra goes on with the old one: then nobody has entered the new one there.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from oauth.keys import valid_keys
from oauth.models import AccessKey, ApplicationSecret, Connection
from securelogin import mail
from securelogin.directory.models import Domain, Manager
from securelogin.directory.permissions import Permission, roles_that_may

logger = logging.getLogger(__name__)

DAYS_AHEAD = (30, 7, 1)
# Whoever makes a new secret enters it in Entra soon; who has not done so by then may have forgotten.
_ENTERED_WITHIN = timedelta(hours=1)

KeyOrSecret = AccessKey | ApplicationSecret


@dataclass(frozen=True, slots=True)
class Expiry:
    """What is about to expire, in which connection, and how many days ahead the warning that is due now lies."""

    what: KeyOrSecret
    connection: Connection
    until: datetime
    days: int
    is_replaced: bool  # and still used


def warn_of_expiries() -> int:
    """Mail what is due to the managers who may do something about it, each warning once; return how many went out.

    A warning that cannot be sent is due again at the next run.
    """
    return sum(_warned(expiry) for expiry in due(timezone.now()))


def due(now: datetime) -> Iterator[Expiry]:
    """Find what expires within thirty days and has not been warned of so closely yet."""
    found: list[tuple[KeyOrSecret, Connection, Sequence[KeyOrSecret]]] = [*_keys(now), *_secrets(now)]
    for what, connection, successors in found:
        if what.not_after is None or _is_over_with(what, successors):
            continue
        days = _days(what.created, what.not_after, now)
        if days is not None and (what.warned_days is None or what.warned_days > days):
            yield Expiry(what, connection, what.not_after, days, bool(successors))


def left_behind(valid: Sequence[KeyOrSecret]) -> datetime | None:
    """Return until when the first of a connection's keys or secrets lasts that has been replaced, and is still used;
    None where there is no such one.
    """
    ends = (old.not_after for old in valid if (new := _successors(old, valid)) and not _is_over_with(old, new))
    return min((end for end in ends if end is not None), default=None)


def _is_over_with(old: KeyOrSecret, successors: Sequence[KeyOrSecret]) -> bool:
    return any(_has_taken_over(new, old) for new in successors)


def _successors(old: KeyOrSecret, others: Iterable[KeyOrSecret]) -> list[KeyOrSecret]:
    """Return which others of its connection have replaced a key or a secret: they were made later, and last longer."""
    until = old.not_after
    lasting = (each for each in others if until is not None and (each.not_after is None or each.not_after > until))
    return [each for each in lasting if each.created > old.created]


def _has_taken_over(new: KeyOrSecret, old: KeyOrSecret) -> bool:
    """Tell whether there is no sign that Entra still needs the old one."""
    return new.last_used is not None or old.last_used is None or old.last_used < new.created + _ENTERED_WITHIN


def _days(created: datetime, until: datetime, now: datetime) -> int | None:
    """Return the closest warning whose moment has come; one from before the thing was made never comes."""
    moments = {days: until - timedelta(days=days) for days in DAYS_AHEAD}
    return min((days for days, moment in moments.items() if created < moment <= now), default=None)


def _keys(now: datetime) -> Iterator[tuple[AccessKey, Connection, Sequence[KeyOrSecret]]]:
    """Yield keys with what has replaced them."""
    soon = valid_keys().filter(not_after__lte=now + timedelta(days=max(DAYS_AHEAD)))
    for key in soon.select_related("connection__domain").prefetch_related("connection__keys").order_by("id"):
        valid = [each for each in key.connection.keys.all() if not each.is_over]
        yield key, key.connection, _successors(key, valid)


def _secrets(now: datetime) -> Iterator[tuple[ApplicationSecret, Connection, Sequence[KeyOrSecret]]]:
    """Yield secrets of clients that belong to one domain, with those that last longer; the others are the operator's,
    who lists them.
    """
    soon = ApplicationSecret.objects.filter(not_after__gt=now, not_after__lte=now + timedelta(days=max(DAYS_AHEAD)))
    for secret in soon.prefetch_related("application__secrets").order_by("id"):
        successors = _successors(secret, secret.application.secrets.all())
        own = Connection.objects.filter(application=secret.application_id, kind=Connection.Kind.CLIENT)
        for connection in own.exclude(state=Connection.State.REVOKED).select_related("domain", "application"):
            yield secret, connection, successors


def _warned(expiry: Expiry) -> bool:
    """Claim the warning first, so that two runs at once send it once; give it back when it cannot be sent."""
    rows = type(expiry.what)._default_manager.filter(pk=expiry.what.pk)  # noqa: SLF001  # a documented API of Django
    if not rows.filter(Q(warned_days=None) | Q(warned_days__gt=expiry.days)).update(warned_days=expiry.days):
        return False
    to = _managers(expiry.connection.domain)
    if not to:
        logger.warning("No manager of %s has an address for mail: %s", expiry.connection.domain.name, _subject(expiry))
    with translation.override(expiry.connection.domain.language):
        if to and mail.send(to, _subject(expiry), _body(expiry)):
            return True
    rows.update(warned_days=expiry.what.warned_days)
    return False


def _managers(domain: Domain) -> list[str]:
    may = Manager.objects.filter(domain=domain, role__in=roles_that_may(Permission.CONNECT), user__active=True)
    return sorted(set(may.exclude(login_email="").values_list("login_email", flat=True)))


def _subject(expiry: Expiry) -> str:
    said = {"name": expiry.connection.name, "domain": expiry.connection.domain.name, "date": f"{expiry.until:%Y-%m-%d}"}
    if isinstance(expiry.what, AccessKey):
        return _("The access key %(name)s of %(domain)s expires on %(date)s") % said
    return _("The client secret of %(name)s in %(domain)s expires on %(date)s") % said


def _body(expiry: Expiry) -> str:
    paragraphs = [_subject(expiry) + f", {expiry.until:%H:%M} UTC.", _consequence(), _what_to_do(expiry), _page(expiry)]
    return "\n\n".join(paragraphs) + "\n"


def _consequence() -> str:
    return _(
        "After that Microsoft Entra ID cannot reach your domain any more, and puts its provisioning into quarantine."
    )


def _what_to_do(expiry: Expiry) -> str:
    if expiry.is_replaced:
        return _(
            "It has been replaced, but Entra still uses the old one: enter the new one in Entra. If nobody has kept "
            "it, make another here first."
        )
    if isinstance(expiry.what, AccessKey):
        return _(
            "Replace the key %(key)s and enter the new one in Entra as Secret Token. "
            "Both work for a day, so nothing is interrupted."
        ) % {"key": expiry.what}
    client = expiry.connection.application
    return _(
        "Make another secret for the client %(client_id)s and enter it in Entra as Client Secret. "
        "Both work until the old one expires, so nothing is interrupted."
    ) % {"client_id": client.client_id if client else ""}


def _page(expiry: Expiry) -> str:
    address = f"{settings.PUBLIC_URL}/d/{expiry.connection.domain.name}/"
    return _("Your domain's pages are at %(address)s; or ask the operator of this service.") % {"address": address}

"""The secrets of a client: made here, kept as salted digests, two valid at a time at most (RFC 6749 §2.3.1)."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from oauth.models import Application, ApplicationSecret
from oauth.tokens import new_secret

# What Microsoft asks of the secret of a client that one customer has to herself.
SHORTEST_SECRET, USUAL_SECRET, LONGEST_SECRET = timedelta(days=365), timedelta(days=730), timedelta(days=3 * 365 + 1)
MOST_AT_A_TIME = 2
_NOTE_USE_EVERY = timedelta(hours=1)
# A new secret is good at once on every server, also on one whose clock is behind ours.
_CLOCKS_DIFFER = timedelta(minutes=15)


# What `valid_secrets` says, by hand, as in standing.py.
_VALID = """
SELECT * FROM oauth_applicationsecret
WHERE application_id = %s AND not_before <= %s AND (not_after IS NULL OR not_after > %s) ORDER BY id
"""


class BadLifetimeError(ValueError):
    """A secret may not live so long, or must live longer; the message is for whoever asked."""


class TooManySecretsError(ValueError):
    """The client has two valid secrets already; the message is for whoever wanted a third."""


def add_secret(application: Application, lifetime: timedelta | None = None) -> str:
    """Give the client one more secret and return it; it cannot be read again.

    Without a lifetime that of Authorize's client never expires, and that of a domain's own client does in two years.
    Raises BadLifetimeError, and TooManySecretsError when two are valid: one has to be ended first.
    """
    if application.authorization_grant_type == Application.GRANT_CLIENT_CREDENTIALS:
        lifetime = lifetime or USUAL_SECRET
        check_lifetime(lifetime)
    secret, salt, now = new_secret(), secrets.token_hex(16), timezone.now()
    with transaction.atomic():
        # Two who renew at once take turns here.
        Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        if valid_secrets(application).count() >= MOST_AT_A_TIME:
            raise TooManySecretsError(
                _("This client has two valid secrets already. End the one that is no longer used, then make another.")
            )
        ApplicationSecret.objects.create(
            application=application,
            salt=salt,
            digest=_seal(salt, secret),
            not_before=now - _CLOCKS_DIFFER,
            not_after=None if lifetime is None else now + lifetime,
        )
    return secret


def check_lifetime(lifetime: timedelta) -> None:
    """Raise BadLifetimeError unless the secret of a domain's own client may live so long."""
    if not SHORTEST_SECRET <= lifetime <= LONGEST_SECRET:
        raise BadLifetimeError(_("A client secret lives from 1 to 3 years: 365 to 1096 days."))


def expire(secret: ApplicationSecret) -> None:
    """End a secret now; the client's others go on working."""
    ApplicationSecret.objects.filter(pk=secret.pk).update(not_after=timezone.now())


def verify(application: Application, offered: str) -> bool:
    """Tell whether this is a valid secret of the client, comparing in constant time, and note its use."""
    now = _stored(timezone.now())
    for secret in ApplicationSecret.objects.raw(_VALID, [application.pk, now, now]):
        if compare_digest(_seal(secret.salt, offered), secret.digest):
            _note_use(secret, timezone.now())
            return True
    return False


def valid_secrets(application: Application) -> QuerySet[ApplicationSecret]:
    now = timezone.now()
    valid = Q(not_after=None) | Q(not_after__gt=now)
    return ApplicationSecret.objects.filter(valid, application=application, not_before__lte=now).order_by("id")


def _seal(salt: str, secret: str) -> str:
    # 238 random bits need no slow hash, and a slow one would let anybody who knows the client id keep us busy.
    return sha256(f"{salt}:{secret}".encode(errors="replace")).hexdigest()


def _note_use(secret: ApplicationSecret, now: datetime) -> None:
    """So that an operator sees when the old secret is no longer used."""
    if secret.last_used is None or secret.last_used < now - _NOTE_USE_EVERY:
        ApplicationSecret.objects.filter(pk=secret.pk).update(last_used=now)


def _stored(moment: datetime) -> Any:
    return database.ops.adapt_datetimefield_value(moment)

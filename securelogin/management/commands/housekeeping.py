"""manage.py housekeeping: deletes what has had its time. Run it daily; running it again does no harm."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from oauth2_provider.models import clear_expired

from oauth.connections import forget_unredeemed
from oauth.expiries import warn_of_expiries
from oauth.keys import end_without_keys
from oauth.models import AccessKey, AccessToken, ApplicationSecret, Grant, RefreshToken
from securelogin.directory.guard import end_forgotten
from securelogin.directory.models import Tombstone
from securelogin.logbook.models import Entry
from securelogin.management.operator import ACTOR, OperatorCommand
from securelogin.signin.throttle import forget_old

BATCH = 1000
# What anybody can write without a token is kept a short while only, or strangers could fill the disk.
STRANGERS_DAYS = 7
# Whoever knows a client id can have a refused call of it written into the logbook of its domain.
_OF_STRANGERS = Q(domain_id=None) | Q(path__startswith="/oauth/", status=401)


class Command(OperatorCommand):
    help = "Delete what has had its time: sessions, tokens, keys, log lines, deleted people; warn of what will expire."

    def facts(self, _options: dict[str, Any]) -> dict[str, str]:
        now = timezone.now()
        entries = Entry.objects.order_by("at")
        strangers = entries.filter(_OF_STRANGERS, at__lt=now - timedelta(days=STRANGERS_DAYS))
        deleted = {
            "sessions": _delete(Session.objects.filter(expire_date__lt=now)),
            "tokens_and_codes": _clear_tokens(),
            "connections_never_redeemed": forget_unredeemed(),
            "login_failures": forget_old(),
            "logbook_lines_of_strangers": _delete(strangers),
            "logbook_lines": _delete(entries.filter(at__lt=now - timedelta(days=settings.LOGBOOK_DAYS))),
            **_ended(now - timedelta(days=settings.LOGBOOK_DAYS)),
            "holds_that_are_over": end_forgotten(),
            "deleted_resources": _delete(Tombstone.objects.filter(purge_after__lt=now)),
        }
        # Last, so that a mail server that is slow holds nothing up.
        deleted["expiry_warnings"] = warn_of_expiries()
        return {name: str(count) for name, count in deleted.items()}


def _ended(long_ago: datetime) -> dict[str, int]:
    """Delete keys and secrets that were over before the oldest line that is kept, and end connections without a key."""
    keys = AccessKey.objects.filter(Q(revoked__lt=long_ago) | Q(not_after__lt=long_ago))
    return {
        "connections_without_a_key": end_without_keys(ACTOR.label),
        "ended_keys": _delete(keys),
        "expired_secrets": _delete(ApplicationSecret.objects.filter(not_after__lt=long_ago)),
    }


def _delete(rows: QuerySet[Any]) -> int:
    """Delete the rows in small transactions, so that nobody who writes meanwhile waits long; return how many."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        count, _ = rows.model.objects.filter(pk__in=keys).delete()
        deleted += count
    return deleted


def _clear_tokens() -> int:
    before = _tokens()
    clear_expired()
    return max(0, before - _tokens())  # others are issued meanwhile


def _tokens() -> int:
    return AccessToken.objects.count() + RefreshToken.objects.count() + Grant.objects.count()

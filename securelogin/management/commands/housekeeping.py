"""manage.py housekeeping: deletes what has had its time. Run it daily; running it again does no harm."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import clear_expired

from oauth.connections import forget_unredeemed
from oauth.expiries import warn_of_expiries
from oauth.keys import end_without_keys
from oauth.models import AccessKey, AccessToken, ApplicationSecret, Grant, RefreshToken
from scim.cycles import catch_up
from securelogin.directory.guard import end_forgotten
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Tombstone
from securelogin.logbook.models import Cycle, Entry
from securelogin.logbook.upkeep import STRANGERS_DAYS, note_upkeep
from securelogin.management.operator import ACTOR, OperatorCommand
from securelogin.management.purging import delete_in_batches, purge_domains
from securelogin.signin import invitations, resets
from securelogin.signin.throttle import forget_old

# Whoever knows a client id or a domain can have a refused call or sign-in written into the logbook of the domain.
_OF_STRANGERS = Q(domain_id=None) | Q(path__startswith="/oauth/", status=401) | Q(error_id__startswith="sign_in")


class Command(OperatorCommand):
    help = "Delete what has had its time: sessions, tokens, keys, log lines, deleted people; warn of what will expire."

    def facts(self, _options: dict[str, Any]) -> dict[str, str]:
        now = timezone.now()
        entries = Entry.objects.order_by("at")
        strangers = entries.filter(_OF_STRANGERS, at__lt=now - timedelta(days=STRANGERS_DAYS))
        deleted = {
            "sessions": delete_in_batches(Session.objects.filter(expire_date__lt=now)),
            "tokens_and_codes": _clear_tokens(),
            "connections_never_redeemed": forget_unredeemed(),
            "login_failures": forget_old(),
            "links_by_mail": invitations.forget_over() + resets.forget_over(),
            "logbook_lines_of_strangers": delete_in_batches(strangers),
            "cycles_counted": _count_cycles(),
            "logbook_lines": delete_in_batches(entries.filter(at__lt=now - timedelta(days=settings.LOGBOOK_DAYS))),
            **_ended(now - timedelta(days=settings.LOGBOOK_DAYS)),
            "holds_that_are_over": end_forgotten(),
            "deleted_resources": delete_in_batches(Tombstone.objects.filter(purge_after__lt=now)),
            "purged_domains": purge_domains(now),
        }
        # Last, so that a mail server that is slow holds nothing up.
        deleted["expiry_warnings"] = warn_of_expiries()
        told = {name: str(count) for name, count in deleted.items()}
        for operators in Domain.objects.filter(kind=Domain.Kind.OPERATORS):
            note_upkeep(uuid7(), operators.pk, told)
        return told


def _ended(long_ago: datetime) -> dict[str, int]:
    """Delete keys and secrets that were over before the oldest line that is kept, and end connections without a key."""
    keys = AccessKey.objects.filter(Q(revoked__lt=long_ago) | Q(not_after__lt=long_ago))
    return {
        "connections_without_a_key": end_without_keys(ACTOR.label),
        "ended_keys": delete_in_batches(keys),
        "expired_secrets": delete_in_batches(ApplicationSecret.objects.filter(not_after__lt=long_ago)),
    }


def _count_cycles() -> int:
    """Count what no page has counted, before its lines go; forget cycles as old as those. Return how many there are."""
    for domain_id in Domain.objects.values_list("pk", flat=True):
        catch_up(domain_id, batches=1_000)
    Cycle.objects.filter(ended__lt=timezone.now() - timedelta(days=settings.LOGBOOK_DAYS)).delete()
    return Cycle.objects.count()


def _clear_tokens() -> int:
    before = _tokens()
    clear_expired()
    return max(0, before - _tokens())  # others are issued meanwhile


def _tokens() -> int:
    return AccessToken.objects.count() + RefreshToken.objects.count() + Grant.objects.count()

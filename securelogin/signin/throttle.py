"""Slows guessing down: each failure beyond a few doubles the wait of that person at that address, and of that address.

Strangers who fail under a person's name make no wait for her: what a person and a domain fail in total, from all
addresses, only limits how many attempts a minute are looked at. By domain and name: a namesake elsewhere is another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from securelogin.directory.text import comparison_key
from securelogin.signin.addresses import neighbourhood
from securelogin.signin.models import LoginFailure

FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(minutes=15)

# How many failures cost nothing. A whole office may share an address, and a large domain always has somebody mistyping.
_FREE = {
    LoginFailure.Kind.VISITOR: 5,
    LoginFailure.Kind.USER: 5,
    LoginFailure.Kind.ADDRESS: 50,
    LoginFailure.Kind.DOMAIN: 500,
}
# How many attempts a minute are looked at all the same while a total has to wait. Without these, a stranger who goes on
# failing would lock a manager out of her own domain; with more of them, many addresses together could guess faster.
_A_MINUTE = {LoginFailure.Kind.USER: 3, LoginFailure.Kind.DOMAIN: 60}

# One statement on either database, so that simultaneous guesses all count.
_COUNT = """
INSERT INTO signin_loginfailure (kind, key_digest, count, last) VALUES (%s, %s, 1, %s)
ON CONFLICT (kind, key_digest) DO UPDATE SET last = excluded.last,
    count = CASE WHEN signin_loginfailure.last < %s THEN 1 ELSE signin_loginfailure.count + 1 END
RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that failures are counted by."""

    kind: LoginFailure.Kind
    digest: str

    @property
    def is_total(self) -> bool:
        """Tell whether strangers at other addresses add to it."""
        return self.kind in _A_MINUTE

    @classmethod
    def of(cls, kind: LoginFailure.Kind, text: str) -> "Key":
        return cls(kind, salted_hmac("securelogin.signin.throttle", text, algorithm="sha256").hexdigest())


def keys_of(domain: str, username: str, address: str) -> list[Key]:
    """Return the keys of an attempt to sign in, the person's own two first."""
    person, place = f"{domain}/{comparison_key(username)}", neighbourhood(address)
    return [
        Key.of(LoginFailure.Kind.VISITOR, f"{place} {person}"),
        Key.of(LoginFailure.Kind.USER, person),
        Key.of(LoginFailure.Kind.ADDRESS, place),
        Key.of(LoginFailure.Kind.DOMAIN, domain),
    ]


def admit(keys: Sequence[Key]) -> bool:
    """Tell whether to look at the password at all, and count the attempt as failed until `forgive` says otherwise.

    Counting first means that guesses sent at once count one by one: whoever finds that others came in between waits.
    """
    seen = _counts(keys)
    waiting = [key for key, (_, wait) in seen.items() if wait > timedelta(0)]
    if not _may_go_on(waiting):
        return False
    counted = {key: _count(key) for key in keys}
    overtaken = [key for key in keys if counted[key] > max(_FREE[key.kind], seen[key][0] + 1)]
    return _may_go_on([key for key in overtaken if key not in waiting])


def forgive(keys: Sequence[Key]) -> None:
    """After a right password: forget the person's failures, and take this attempt off what others share.

    A stranger's own wait for this person stays, since it is counted by his address too.
    """
    own, shared = keys[:2], keys[2:]
    LoginFailure.objects.filter(_any_of(own)).delete()
    LoginFailure.objects.filter(_any_of(shared), count__gt=0).update(count=F("count") - 1)


def forget_old() -> int:
    """Delete what no longer counts, and return how many rows that were; for housekeeping."""
    deleted, _ = LoginFailure.objects.filter(last__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    return deleted


def _counts(keys: Sequence[Key]) -> dict[Key, tuple[int, timedelta]]:
    """Return for each key how often it failed, and how long it still has to wait."""
    now = timezone.now()
    rows = LoginFailure.objects.filter(_any_of(keys), last__gte=now - FORGOTTEN_AFTER)
    found = {(row.kind, row.key_digest): (row.count, _remaining(row, now)) for row in rows}
    return {key: found.get((key.kind, key.digest), (0, timedelta(0))) for key in keys}


def _may_go_on(waiting: Sequence[Key]) -> bool:
    # Whoever waits himself is turned away first: else he would use up the minute's attempts of those who need not.
    return all(key.is_total for key in waiting) and all(_is_among_the_few(key) for key in waiting)


def _is_among_the_few(total: Key) -> bool:
    """Count an attempt against this minute's allowance of a total that has to wait."""
    minute = int(timezone.now().timestamp()) // 60
    return _count(Key.of(total.kind, f"{total.digest} {minute}")) <= _A_MINUTE[total.kind]


def _remaining(row: LoginFailure, now: datetime) -> timedelta:
    # Another server's clock may be ahead of ours, or ours was set back: that is nobody's failure to wait for.
    wait = _wait(row)
    return min(wait, row.last + wait - now)


def _wait(row: LoginFailure) -> timedelta:
    beyond = row.count - _FREE[LoginFailure.Kind(row.kind)]
    if beyond < 0:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(seconds=5 << min(beyond, 10)))


def _count(key: Key) -> int:
    now = timezone.now()
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (now, now - FORGOTTEN_AFTER)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key.kind.value, key.digest, *moments])
        (count,) = cursor.fetchone()
    return int(count)


def _any_of(keys: Sequence[Key]) -> Q:
    condition = Q(pk__in=[])
    for key in keys:
        condition |= Q(kind=key.kind, key_digest=key.digest)
    return condition

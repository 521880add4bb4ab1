"""Access keys: what a domain pastes into Entra as its Secret Token. Made, replaced with an overlap, and ended here."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from oauth.connections import Author, BadTermsError, check, set_up
from oauth.models import AccessKey, AccessToken, Connection
from oauth.tokens import digest, hint, new_key
from securelogin.directory.models import Domain

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=24)


class KeyOverError(ValueError):
    """The key is over or replaced already; the message is for whoever wanted to replace it."""


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a new key is called and may do, and for how long. Raises BadTermsError with a sentence."""

    name: str
    scope: str = "scim"
    lifetime: timedelta | None = None  # Entra quarantines a job whose token expires, so for ever unless told

    def __post_init__(self) -> None:
        check(self)
        if self.lifetime is not None and self.lifetime <= timedelta():
            raise BadTermsError(_("The key would have expired before it is made."))


def generate_key(domain: Domain, terms: KeyTerms, author: Author) -> tuple[AccessKey, str]:
    """Make a connection with its first key, and return that with its text, which cannot be read again."""
    with transaction.atomic():
        connection = set_up(domain, Connection.Kind.KEY, terms, author)
        return _add(connection, terms.lifetime, author)


def rotate_key(
    key: AccessKey, author: Author, overlap: timedelta = OVERLAP, lifetime: timedelta | None = None
) -> tuple[AccessKey, str]:
    """Make a key's successor, for the same connection; the old one goes on for the overlap, but no longer than it had.

    Raises KeyOverError when it is over, or has a successor already: of two who replace it at once, one does.
    """
    with transaction.atomic():
        connection = _locked(key)
        current = AccessKey.objects.get(pk=key.pk)
        if current.is_over:
            raise KeyOverError(_("This key is over. Make a new one."))
        if AccessKey.objects.filter(replaces=current).exists():
            raise KeyOverError(_("This key has been replaced already. Replace its successor."))
        made = _add(connection, lifetime, author, replaces=current)
        until = timezone.now() + overlap
        AccessKey.objects.filter(Q(not_after=None) | Q(not_after__gt=until), pk=current.pk).update(not_after=until)
    logger.info("Connection %s has a new access key", connection.pk)
    return made


def revoke_key(key: AccessKey, by: str) -> None:
    """End one key now; with the last one of its line, the connection ends. `by` is a name to show."""
    with transaction.atomic():
        connection = _locked(key)
        AccessKey.objects.filter(pk=key.pk, revoked=None).update(revoked=timezone.now())
        if not valid_keys().filter(connection=connection).exists():
            connection.revoke(by)
    logger.info("Access key %s of connection %s is over", key.pk, connection.pk)


def keys_of(domain: Domain) -> QuerySet[AccessKey]:
    """Return all keys of a domain, over or not, newest first."""
    keys = AccessKey.objects.filter(connection__domain=domain)
    return keys.select_related("connection", "author__manager").order_by("-id")


def end_without_keys(by: str) -> int:
    """End the connections whose last key has expired, and return how many; an operator's old token counts as a key."""
    live = Connection.objects.filter(
        kind=Connection.Kind.KEY, state__in=[Connection.State.ACTIVE, Connection.State.PAUSED]
    )
    key = valid_keys().filter(connection=OuterRef("pk"))
    token = AccessToken.objects.filter(connection=OuterRef("pk"), expires__gt=timezone.now())
    ended = list(live.filter(~Exists(key), ~Exists(token)))
    for connection in ended:
        connection.revoke(by)
    return len(ended)


def valid_keys() -> QuerySet[AccessKey]:
    return AccessKey.objects.filter(Q(not_after=None) | Q(not_after__gt=timezone.now()), revoked=None)


def _locked(key: AccessKey) -> Connection:
    """Lock the key's line, as revoking does, so that whoever comes second sees what the first has done."""
    return Connection.objects.select_for_update(no_key=True).get(pk=key.connection_id)


def _add(
    connection: Connection, lifetime: timedelta | None, author: Author, replaces: AccessKey | None = None
) -> tuple[AccessKey, str]:
    text, now = new_key(), timezone.now()
    key = AccessKey.objects.create(
        connection=connection,
        digest=digest(text),
        hint=hint(text),
        last4=text[-4:],
        author=author.person,
        author_name=author.name,
        created=now,
        created_ip=author.address,
        not_after=None if lifetime is None else now + lifetime,
        replaces=replaces,
    )
    return key, text

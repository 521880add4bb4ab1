"""The life of a connection: made when a code is issued, active once it is redeemed, replaced when another one is,
paused and resumed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from oauth import trace
from oauth.models import AccessKey, Application, Connection
from oauth.tokens import digest
from securelogin.directory.models import Domain, User
from securelogin.logbook.forgetting import FORGOTTEN

logger = logging.getLogger(__name__)

SCOPES = ("scim", "scim:read")
LONGEST_NAME = 100


class BadTermsError(ValueError):
    """What was asked of a new connection cannot be given; the message is for whoever asked."""


class ConnectionOverError(ValueError):
    """The connection has been ended, or waits for its code; the message is for whoever wanted to change it."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a connection or a key: somebody, under the name that outlives her, from an address; or a command, which
    has neither person nor address.
    """

    person: User | None
    name: str
    address: str | None


class Terms(Protocol):
    """What every kind of connection that a manager sets up herself has: a name of her choice, and a scope."""

    @property
    def name(self) -> str: ...
    @property
    def scope(self) -> str: ...


def check(terms: Terms) -> None:
    """Raise BadTermsError unless these are a name and a scope that one connection may have."""
    if not 1 <= len(terms.name.strip()) <= LONGEST_NAME or not terms.name.isprintable():
        raise BadTermsError(_("Give it a name of 1 to %(most)d characters, on one line.") % {"most": LONGEST_NAME})
    if terms.scope not in SCOPES:
        raise BadTermsError(_("The scope is scim, or scim:read for reading only."))


def set_up(
    domain: Domain, kind: Connection.Kind, terms: Terms, author: Author, application: Application | None = None
) -> Connection:
    """Make a connection that is active at once: all kinds but Authorize, which begins with `await_code`."""
    connection = Connection.objects.create(
        kind=kind,
        domain=domain,
        application=application,
        name=terms.name.strip(),
        scope=terms.scope,
        authorized_by=author.person,
        authorized_by_name=author.name,
        created_ip=author.address,
    )
    logger.info("Connection %s of %s is active, of kind %s", connection.pk, domain.name, kind)
    return connection


def connections_of(domain: Domain) -> QuerySet[Connection]:
    """Return the connections of a domain, newest first, with client and author. Those that wait for their code to be
    redeemed are not among them.
    """
    made = Connection.objects.filter(domain=domain).exclude(state=Connection.State.PENDING)
    return made.select_related("application", "authorized_by__manager").order_by("-created", "-id")


def pause(connection: Connection, by: str) -> None:
    """Answer its SCIM requests with 503 until it is resumed; tokens are still issued, so that it goes on at once then.

    `by` is a name to show. Pausing twice changes nothing. Raises ConnectionOverError.
    """
    _move(connection, Connection.State.PAUSED, by)


def resume(connection: Connection, by: str) -> None:
    """Let a paused connection go on. Resuming twice changes nothing. Raises ConnectionOverError."""
    _move(connection, Connection.State.ACTIVE, by)


def _move(connection: Connection, to: Connection.State, by: str) -> None:
    live = Connection.objects.filter(pk=connection.pk, state__in=[Connection.State.ACTIVE, Connection.State.PAUSED])
    since, name = (timezone.now(), by) if to == Connection.State.PAUSED else (None, "")
    if live.exclude(state=to).update(state=to, paused_at=since, paused_by_name=name):
        logger.info("Connection %s is %s, by %s", connection.pk, to, by)
    elif not live.exists():
        raise ConnectionOverError(_("This connection has been ended, or is not complete yet."))


def await_code(person: User, application: Application, scope: str, code: str, address: str) -> Connection:
    """Create the connection that a new authorization code leads to; it counts for nothing until that is redeemed."""
    return Connection.objects.create(
        kind=Connection.Kind.AUTHORIZE,
        domain=person.domain,
        application=application,
        name=application.name,
        state=Connection.State.PENDING,
        scope=scope,
        code_digest=digest(code),
        authorized_by=person,
        authorized_by_name=person.display_name or person.user_name,
        created_ip=address,
    )


def activate(connection: Connection) -> None:
    """Make the connection of a redeemed code the domain's, ending the one it replaces. Needs a transaction.

    Only now: an Authorize that never comes to its end must not cut a connection that works.
    """
    # Two codes redeemed at once take turns here, and the later one stays.
    Domain.objects.select_for_update(no_key=True).get(pk=connection.domain_id)
    replaced = Connection.objects.filter(
        kind=Connection.Kind.AUTHORIZE,
        domain=connection.domain_id,
        application=connection.application_id,
        state__in=[Connection.State.ACTIVE, Connection.State.PAUSED],
    )
    for previous in replaced:
        previous.revoke(connection.authorized_by_name)
        trace.changes(f"This ends connection {previous.pk}, which {previous.authorized_by_name} made.")
    Connection.objects.filter(pk=connection.pk).update(state=Connection.State.ACTIVE, redeemed=timezone.now())
    trace.changes("This connection is active now.")
    logger.info("Connection %s of %s is active", connection.pk, connection.domain.name)


def forget_author(domain: Domain, names: Iterable[str]) -> int:
    """Take a deleted person's names off the connections and keys that she made, paused or ended; return of how many."""
    names = list(names)
    mine = Connection.objects.filter(domain=domain)
    made = mine.filter(authorized_by=None, created_ip__isnull=False, authorized_by_name__in=names)
    keys = AccessKey.objects.filter(
        connection__domain=domain, author=None, created_ip__isnull=False, author_name__in=names
    )
    return (
        made.update(authorized_by_name=FORGOTTEN)
        + keys.update(author_name=FORGOTTEN)
        + mine.filter(paused_by_name__in=names).update(paused_by_name=FORGOTTEN)
        + mine.filter(revoked_by_name__in=names).update(revoked_by_name=FORGOTTEN)
    )


def forget_unredeemed() -> int:
    """Delete connections whose code ran out unused, and return how many those were; for housekeeping."""
    stale = Connection.objects.filter(state=Connection.State.PENDING, created__lt=timezone.now() - timedelta(hours=1))
    _, per_model = stale.delete()
    return per_model.get("oauth.Connection", 0)

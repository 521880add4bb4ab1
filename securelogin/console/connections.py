"""What the pages say of connections: of which kind each is, how it is, who made it, and until when it lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth.authorship import Authorship
from oauth.connections import connections_of
from oauth.expiries import KeyOrSecret, left_behind
from oauth.models import ApplicationSecret, Connection
from oauth.standing import covers
from securelogin.console.access import ManagerRequest
from securelogin.directory.models import Domain

KINDS: dict[str, Promise] = {
    Connection.Kind.AUTHORIZE: _("Authorize"),
    Connection.Kind.KEY: _("Access key"),
    Connection.Kind.CLIENT: _("Client credentials"),
    Connection.Kind.FEDERATION: _("Workload identity federation"),
}
STATES: dict[str, Promise] = {
    Connection.State.ACTIVE: _("Active"),
    Connection.State.PAUSED: _("Paused"),
    Connection.State.REVOKED: _("Revoked"),
}
_WRITES, _READS = _("Reads and changes users and groups"), _("Reads only")
AUTHORS: dict[str, Promise] = {
    Authorship.DEMOTED: _("This manager may no longer connect the domain. What was made goes on."),
    Authorship.DISABLED: _("This account has been disabled since. What was made goes on."),
    Authorship.DELETED: _("This account has been deleted since. What was made goes on."),
    Authorship.COMMAND: _("Made by the operator of this service, with a command."),
}
# Longer than an access token may live and than the note of a use may lag behind.
_OUT_OF_USE_AFTER = timedelta(hours=8)


def may(row: Connection) -> Promise:
    """Say what a connection may do; a client can be granted both scopes."""
    return _WRITES if covers(row.scope, ["scim"]) else _READS


@dataclass(frozen=True, slots=True)
class ShownConnection:
    """A connection with what is said beside its own columns."""

    row: Connection

    @property
    def kind(self) -> Promise:
        return KINDS[self.row.kind]

    @property
    def state(self) -> Promise:
        return STATES[self.row.state]

    @property
    def scope(self) -> Promise:
        return may(self.row)

    @property
    def author(self) -> Promise | None:
        """What to say of the author beside the name; None while all is as it was."""
        return AUTHORS.get(self.row.authorship)

    @property
    def is_over(self) -> bool:
        return self.row.state == Connection.State.REVOKED

    @property
    def expires(self) -> datetime | None:
        """When the last of its keys or secrets will be over; None when none ends, or none is there."""
        ends = [each.not_after for each in self._valid()]
        return None if None in ends else max((end for end in ends if end is not None), default=None)

    @property
    def is_spent(self) -> bool:
        """Tell whether nothing is left that Entra could present."""
        return self.row.kind in {Connection.Kind.KEY, Connection.Kind.CLIENT} and not self._valid()

    @property
    def left_behind(self) -> datetime | None:
        """Until when that lasts which Entra goes on using, though it has been replaced; None where that is not so."""
        return left_behind(self._valid())

    def _valid(self) -> list[KeyOrSecret]:
        if self.row.kind == Connection.Kind.KEY:
            return [key for key in self.row.keys.all() if not key.is_over]
        return [secret for secret in secrets_of(self.row) if is_valid(secret)]


def shown_of(domain: Domain) -> QuerySet[Connection]:
    """Return a domain's connections with all that `ShownConnection` looks at: those that are not over first."""
    rows = connections_of(domain).annotate(is_revoked=Q(state=Connection.State.REVOKED))
    return rows.prefetch_related("keys", "application__secrets").order_by("is_revoked", "-created", "-id")


def find(request: ManagerRequest, connection_id: UUID) -> Connection:
    """Return a connection of the manager's domain. Raises Http404 for any other, wherever it is."""
    row = shown_of(request.domain).filter(pk=connection_id).first()
    if row is None:
        raise Http404
    return row


def secrets_of(row: Connection) -> list[ApplicationSecret]:
    """Return the secrets of a client of the domain's own, oldest first; the one of Authorize is the operator's."""
    if row.kind != Connection.Kind.CLIENT or row.application is None:
        return []
    return sorted(row.application.secrets.all(), key=lambda secret: secret.created)


def is_valid(secret: ApplicationSecret) -> bool:
    return secret.not_after is None or secret.not_after > timezone.now()


def out_of_use(row: Connection) -> ApplicationSecret | None:
    """Return the older of two valid secrets once Entra uses the newer one and no longer this: it is safe to end."""
    match [secret for secret in secrets_of(row) if is_valid(secret)]:
        case [older, newer] if newer.last_used and not _is_in_use(older):
            return older
    return None


def _is_in_use(secret: ApplicationSecret) -> bool:
    return secret.last_used is not None and secret.last_used > timezone.now() - _OUT_OF_USE_AFTER

"""What a manager or an operator does in the console: as whom, and the line that it leaves in the logbook."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from oauth.connections import Author
from oauth.models import Connection
from securelogin.console.access import ManagerRequest
from securelogin.directory.credential import Actor
from securelogin.directory.directory import Directory
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.signin.addresses import client_address


class Acting(Protocol):
    """A request of somebody who does something: a manager in her domain, or an operator in the operators'."""

    @property
    def http(self) -> HttpRequest: ...
    @property
    def domain(self) -> Domain: ...
    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed, by plain values: a line outlives what it is about."""

    type: str  # as the logbook has it: "connection", "user" …
    id: UUID
    label: str


def connection(row: Connection) -> Subject:
    return Subject("connection", row.pk, row.name)


def domain(row: Domain) -> Subject:
    return Subject("domain", row.pk, row.name)


def author_of(request: ManagerRequest) -> Author:
    return Author(request.manager.user, request.actor.label, client_address(request.http))


def note(request: Acting, subject: Subject, sentence: str, domain: Domain | None = None) -> None:
    """Leave a line in the logbook of whoever acts, or of the domain that is named, once what it says is done.

    The sentence is English, as all of its lines.
    """
    exchange = _exchange(request, sentence, domain)
    exchange.about(subject.type, subject.id, subject.label)
    exchange.changed = True
    writer.record(exchange)


def door(request: ManagerRequest, sentence: str) -> Directory:
    """Return the door through which a manager changes people: what she does and its line are written as one."""
    return Directory(request.directory.tenant, request.actor, _exchange(request, sentence))


def _exchange(request: Acting, sentence: str, domain: Domain | None = None) -> Exchange:
    exchange = Exchange(uuid7(), request.http.method or "", request.http.path)
    exchange.domain_id, exchange.actor_label = (domain or request.domain).pk, request.actor.label
    exchange.warn(sentence)
    return exchange

"""What the operator's commands share: who acts, how a domain is named, and how an answer is printed."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from oauth.connections import Author, ConnectionOverError
from oauth.models import AccessKey, Application, Connection
from securelogin.directory.credential import Actor
from securelogin.directory.domains import create_domain, find_domain
from securelogin.directory.guard import thresholds_of
from securelogin.directory.held import Guard
from securelogin.directory.models import Domain
from securelogin.directory.names import BadDomainNameError

ACTOR = Actor("command", "manage.py", "Operator's command")
AUTHOR = Author(None, ACTOR.label, None)


class OperatorCommand(BaseCommand):
    """A command that answers with facts: for people a line each, with --json one object for scripts."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        facts = self.facts(options)
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        width = max(map(len, facts))
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' '):{width}}  {value}")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        """Do it, and return what to tell. Raises CommandError with a sentence."""
        raise NotImplementedError


class ConnectionCommand(OperatorCommand):
    """A command that changes one connection of a domain."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("domain")
        parser.add_argument("connection", type=UUID, help="its id, as list_connections prints it")

    def facts(self, options: dict[str, Any]) -> dict[str, str]:
        domain = existing_domain(options["domain"])
        connection = existing_connection(domain, options["connection"])
        try:
            self.change(connection)
        except ConnectionOverError as error:
            raise CommandError(str(error)) from error
        connection.refresh_from_db()
        return {"domain": domain.name, "connection": str(connection.pk), "state": connection.state}

    def change(self, connection: Connection) -> None:
        raise NotImplementedError


class ListingCommand(OperatorCommand):
    """A command that answers with a table: for people a line a row, with --json one object with a list."""

    noun: str

    def handle(self, *_arguments: Any, **options: Any) -> None:
        rows = self.rows(options)
        if options["json"]:
            self.stdout.write(json.dumps({self.noun: rows}, ensure_ascii=False))
            return
        lines = [[name.replace("_", " ") for name in rows[0]], *(list(row.values()) for row in rows)] if rows else []
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines or [[f"There are no {self.noun}."]]:
            cells = [cell.ljust(width) for cell, width in zip(line, widths or [0], strict=True)]
            self.stdout.write("  ".join(cells).rstrip())

    def rows(self, options: dict[str, Any]) -> list[dict[str, str]]:
        """Return what to list. Raises CommandError with a sentence."""
        raise NotImplementedError


def moment(at: datetime | None, otherwise: str) -> str:
    """Return a point in time as commands print it, to the minute and in UTC."""
    return otherwise if at is None else f"{at:%Y-%m-%d %H:%M}"


def existing_domain(name: str) -> Domain:
    """Return the domain, or end the command saying how to make it."""
    domain = find_domain(name)
    if domain is None:
        raise CommandError(f"There is no domain {name}. Make it with: manage.py create_domain {name}")
    return domain


def guard_facts(domain: Domain) -> dict[str, str]:
    """Return how the deletion guard of a domain is set, and what it does at this moment."""
    guard = Guard.objects.filter(domain=domain).first() or Guard(domain=domain)
    state = str(guard.state) if guard.is_on else "off"
    over = guard.state == Guard.State.RELEASED and not guard.is_released(timezone.now())
    return {
        "domain": domain.name,
        "state": str(Guard.State.WATCHING) if guard.is_on and over else state,
        "since": moment(guard.state_since, "always"),
        "by": guard.state_by_name,
        "released_until": moment(guard.released_until, ""),
        "held_users": str(guard.held_users),
        "held_groups": str(guard.held_groups),
        **{name: str(value) for name, value in asdict(thresholds_of(guard)).items() if name != "is_on"},
    }


def new_domain(name: str, display_name: str = "") -> Domain:
    """Make the domain, or end the command saying why it cannot be made."""
    longest = Domain._meta.get_field("display_name").max_length or 0  # noqa: SLF001  # a documented API of Django
    if len(display_name) > longest:
        raise CommandError(f"The display name has {len(display_name)} characters; {longest} is the most.")
    try:
        return create_domain(name, display_name)
    except BadDomainNameError as error:
        raise CommandError(str(error)) from error
    except IntegrityError as error:
        raise CommandError(f"A domain {name} was made at this moment by somebody else.") from error


def existing_connection(domain: Domain, connection_id: UUID) -> Connection:
    """Return a connection of the domain, or end the command saying how to list them."""
    connection = Connection.objects.filter(domain=domain, pk=connection_id).first()
    if connection is None:
        raise CommandError(f"{domain.name} has no connection {connection_id}. manage.py list_connections lists them.")
    return connection


def existing_key(domain: Domain, key_id: UUID) -> AccessKey:
    """Return an access key of the domain, or end the command saying how to list them."""
    key = AccessKey.objects.filter(connection__domain=domain, pk=key_id).first()
    if key is None:
        raise CommandError(f"{domain.name} has no access key {key_id}. manage.py list_keys lists them.")
    return key


def existing_client(client_id: str) -> Application:
    """Return the OAuth client, or end the command saying how to make one."""
    application = Application.objects.filter(client_id=client_id).first()
    if application is None:
        raise CommandError(f"There is no client {client_id}. Make one with: manage.py create_client")
    return application


def lifetime(option: str, days: int) -> timedelta:
    """Return so many days, or end the command when nobody can mean so many."""
    if not 1 <= days <= 3660:
        raise CommandError(f"{option} is a number from 1 to 3660.")
    return timedelta(days=days)


def optional_lifetime(option: str, days: int | None) -> timedelta | None:
    """Return so many days, None for as long as anybody likes."""
    return None if days is None else lifetime(option, days)

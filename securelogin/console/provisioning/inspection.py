"""One line of the log, taken apart: what was sent and answered, which checks it went through, and how to ask again."""

import json
import shlex
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oauth.federation import SENTENCES
from oauth.models import Connection
from securelogin.console.connections import KINDS, may
from securelogin.console.provisioning.lines import MANY, ShownLine, shown
from securelogin.console.trusts import CHECKS
from securelogin.directory.models import Domain
from securelogin.logbook.models import Entry, Transcript
from securelogin.logbook.transcripts import MASK


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check of the caller; `passed` None when an earlier one ended the matter."""

    title: str
    expected: str
    received: str
    passed: bool | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A line with all that is known of it."""

    line: ShownLine
    transcript: Transcript | None
    connection: Connection | None

    @property
    def entry(self) -> Entry:
        return self.line.entry

    @property
    def address(self) -> str:
        query = f"?{self.entry.query}" if self.entry.query else ""
        return f"{settings.PUBLIC_URL}{self.entry.path}{query}"

    @property
    def request(self) -> str:
        return _indented(self.transcript.request) if self.transcript else ""

    @property
    def response(self) -> str:
        return _indented(self.transcript.response) if self.transcript else ""

    @property
    def curl(self) -> str:
        """A command that asks the same again; the token stays out of it."""
        words = ["curl", "--globoff", "--request", shlex.quote(self.entry.method), shlex.quote(self.address)]
        words += ["--header", '"Authorization: Bearer $TOKEN"']
        if self.transcript and self.transcript.request:
            # What was left out is marked; and curl would take a text that begins with @ for the name of a file.
            whole = MASK not in self.transcript.request
            body = ["--data-raw", shlex.quote(self.transcript.request)] if whole else ["--data", "@body.json"]
            words += ["--header", "'Content-Type: application/scim+json'", *body]
        return " ".join(words)

    @property
    def is_scim(self) -> bool:
        return self.entry.path.startswith("/scim")

    @property
    def checks(self) -> list[ShownCheck]:
        """Return the checks of an assertion, or those that every call of SCIM goes through."""
        if self.transcript and self.transcript.checks:
            return [_of_assertion(check) for check in self.transcript.checks]
        return _of_call(self.entry, self.connection) if self.is_scim else []


def inspect(domain: Domain, entry_id: UUID) -> Inspection | None:
    """Return a line of the domain, None if it has none of this id."""
    entry = Entry.objects.filter(domain_id=domain.pk, pk=entry_id).select_related("transcript").first()
    if entry is None:
        return None
    connections = Connection.objects.filter(domain=domain)
    concerned = entry.connection_id or (entry.subject_id if entry.subject_type == "connection" else None)
    connection = connections.filter(pk=concerned).first() if concerned else None
    return Inspection(shown(domain, [entry], MANY)[0], getattr(entry, "transcript", None), connection)


# What a call of SCIM must pass, in this order, and the error of who does not.
_CALL: tuple[tuple[str, Promise, Promise], ...] = (
    ("SL-CREDENTIAL", _("Credential"), _("A token or key that is known and not over")),
    ("SL-FORBIDDEN", _("Domain"), _("Not suspended")),
    ("SL-PAUSED", _("Connection"), _("Not paused")),
    ("SL-SCOPE", _("Scope"), _("One that allows this method")),
)


def _of_call(entry: Entry, connection: Connection | None) -> list[ShownCheck]:
    errors = [error_id for error_id, _title, _expected in _CALL]
    stopped = errors.index(entry.error_id) if entry.error_id in errors else len(errors)
    received = [_kind(entry, connection), "", "", _scope(connection)]
    return [
        ShownCheck(
            title=str(title),
            expected=str(expected),
            received=(entry.detail if number == stopped else received[number]),
            passed=None if number > stopped else number < stopped,
        )
        for number, (_error_id, title, expected) in enumerate(_CALL)
    ]


def _kind(entry: Entry, connection: Connection | None) -> str:
    return f"{KINDS[connection.kind]}: {connection.name}" if connection else entry.actor_label


def _scope(connection: Connection | None) -> str:
    return str(may(connection)) if connection else ""


def _of_assertion(check: dict[str, str]) -> ShownCheck:
    name, passed = check["check"], bool(check["passed"])
    said = "" if passed else gettext(SENTENCES[name])
    return ShownCheck(str(CHECKS[name]), check["expected"], check["received"], passed, said)


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text

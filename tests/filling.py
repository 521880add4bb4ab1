"""A domain of any size, filled by a handful of statements: people, groups, a log with its cycles, a journal, a trash.

What a row looks like is said once, by an instance that is not saved; the columns that differ are expressions on its
number `i`. Every id follows from that number and a time, so that the rows of different tables find each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from oauth.models import Connection
from securelogin.directory import dialect as dialects
from securelogin.directory import models as kernel
from securelogin.directory.domains import create_domain
from securelogin.directory.held import Guard, Held
from securelogin.directory.models import Change, Counter, Domain, Group, Membership, Mention, User, UserLookup
from securelogin.logbook.models import Bookmark, Cycle, Entry, Transcript
from tests.plans import analyze
from tests.spelling import Statement, as_json, digits, id_at, literal, moment, rows_of, uuid_at

# In milliseconds, as all times in here: when the groups came. People came at the next, and the deleted at the third.
_LONG_AGO = 1_700_000_000_000
_GROUPS, _USERS, _GONE = (str(_LONG_AGO + number) for number in range(3))
_LOG = 30 * 24 * 60 * 60 * 1000  # how far back the log goes; its last line is a minute old
_BODY = '{"Operations":[' + ",".join(['{"op":"Replace","path":"title","value":"Of the usual length"}'] * 6) + "]}"

# None stands between rows and what refers to them: each reference would be checked by a plan for an empty table.
_Statements = Iterator[Statement | None]


class Size(NamedTuple):
    """How large a domain is. Each cycle has equally many lines, and three lines in ten changed something."""

    people: int
    groups: int  # the first of which has everybody
    lines: int
    cycles: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A domain, and the ids of what a page about costs most."""

    domain: Domain
    crowd_id: UUID  # the group of everybody
    user_id: UUID  # somebody who is in all groups
    gone_crowd_id: UUID  # in the trash, with everybody
    connection_id: UUID  # which nearly everything came over
    rare_id: UUID  # and which hardly anything


class _Kind(NamedTuple):
    """One of the fifty calls that a log repeats: most ask, some change a user or a group, few fail."""

    method: str = "GET"
    path: str = "/scim/v2/Users"
    status: int = 200
    outcome: str = ""
    error_id: str = ""
    subject: str = ""
    warnings: str = "[]"


_CHANGED = _Kind("PATCH", outcome="changed", subject="User")
_KINDS = [
    *[_CHANGED] * 8,
    _CHANGED._replace(method="POST", status=201, outcome="created"),
    _CHANGED._replace(outcome="disabled"),
    _CHANGED._replace(method="DELETE", status=204, outcome="removed"),
    _CHANGED._replace(warnings='["An attribute that is not known here is ignored."]'),
    *[_CHANGED._replace(path="/scim/v2/Groups", status=204, subject="Group")] * 3,
    _Kind("POST", status=409, error_id="SL-NAME-TAKEN"),
    _Kind("PATCH", status=400, error_id="SL-PATH-SYNTAX", subject="User"),
    *[_Kind()] * 33,
]
_VERB = "CASE e.outcome WHEN 'created' THEN 'create' WHEN 'removed' THEN 'delete' ELSE 'update' END"


def fill(name: str, size: Size) -> Filled:
    """Make a domain of this size."""
    filling = _Filling(create_domain(name), size)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")  # a million at once, on whatever machine
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or a million checks would wait in memory for the end
        for statement in filling.statements():
            if statement is None:
                analyze()
            else:
                cursor.execute(*statement)
    return filling.finished()


def settle() -> None:
    """Leave what was filled as housekeeping would: with statistics and, where no transaction is open, vacuumed."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        analyze()
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        analyze("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


class _Filling:
    """The statements that fill one domain."""

    def __init__(self, domain: Domain, size: Size) -> None:
        self.domain, self.size = domain, size
        self.mark = Domain.objects.count()  # tells the ids of one domain from another's
        self.since = int((timezone.now() - timedelta(minutes=1)).timestamp() * 1000) - _LOG
        self.per_cycle, rest = divmod(size.lines, size.cycles)
        if rest:
            raise ValueError(f"{size.cycles} cycles cannot have equally many of {size.lines} lines")
        self.entra, self.rare = (_connection(domain, name) for name in ("Entra", "A script"))

    def statements(self) -> _Statements:
        yield from self._people()
        yield from self._groups()
        yield from self._lines()
        yield from self._cycles()
        yield from self._journal()
        yield from self._trash()

    def finished(self) -> Filled:
        """Make what there is one of."""
        now, half = timezone.now(), self.size.people // 2
        Guard.objects.create(domain=self.domain, state=Guard.State.HELD, state_since=now, held_users=half)
        newest = Entry.objects.filter(domain_id=self.domain.pk).order_by("-id")[0]
        Bookmark.objects.create(domain_id=self.domain.pk, entry_id=newest.pk)
        everybody = [str(uuid_at(_USERS, self.mark, number)) for number in range(1, self.size.people + 1)]
        gone = self._tombstone(
            id=uuid_at(_GONE, self.mark, 0), subject_type="Group", memberships=everybody, deleted=now
        )
        gone.label, gone.label_key = "Everybody", "everybody"
        gone.save()
        crowd_id, user_id = uuid_at(_GROUPS, self.mark, 1), uuid_at(_USERS, self.mark, 1)
        return Filled(self.domain, crowd_id, user_id, gone.pk, self.entra.pk, self.rare.pk)

    def _people(self) -> _Statements:
        number, mails = digits("i"), {"emails": [{"type": "work", "value": "someone@city.example"}]}
        yield rows_of(
            User(domain=self.domain, attributes=mails),
            self.size.people,
            id=self._id(_USERS, "i"),
            active="CASE i % 50 WHEN 3 THEN FALSE WHEN 4 THEN NULL ELSE TRUE END",
            external_id=f"'e' || {number}",
            **dict.fromkeys(("user_name", "user_name_key"), f"'person' || {number} || '@city.example'"),
            **dict.fromkeys(("display_name", "display_name_key"), f"'named ' || {number}"),
            **dict.fromkeys(("family_name", "family_name_key"), f"'family ' || {number}"),
        )
        yield None
        mail = UserLookup(domain=self.domain, position=0, attribute="emails", type_key="work")
        yield rows_of(
            mail, self.size.people, user_id=self._id(_USERS, "i"), key=f"'mail' || {number} || '@city.example'"
        )
        held = Held(domain=self.domain, subject_type="User", at=timezone.now())
        yield rows_of(held, self.size.people // 2, subject_id=self._id(_USERS, "i"))

    def _groups(self) -> _Statements:
        people, groups, name = self.size.people, self.size.groups, f"'group ' || {digits('i')}"
        yield rows_of(
            Group(domain=self.domain), groups, id=self._id(_GROUPS, "i"), display_name=name, display_name_key=name
        )
        yield None
        # Everybody is in the first; the first person in all, and each other one in one more.
        member, everyone = Membership(domain=self.domain), self._id(_USERS, "i")
        yield rows_of(member, people, group_id=self._id(_GROUPS, "1"), user_id=everyone)
        yield rows_of(member, groups - 1, group_id=self._id(_GROUPS, "(i + 1)"), user_id=self._id(_USERS, "1"))
        another = self._id(_GROUPS, f"(2 + i % {groups - 1})")
        yield rows_of(member, people - 1, group_id=another, user_id=self._id(_USERS, "(i + 1)"))
        for counted, value in (("User", people), ("Group", groups)):
            yield rows_of(Counter(domain=self.domain, counted=counted, slot=0, value=value), 1)

    def _lines(self) -> _Statements:
        line = Entry(domain_id=self.domain.pk, actor_label="Entra", milliseconds=4, query="attributes=id")
        connections = (literal(self.rare.pk), literal(self.entra.pk))
        every = len(_KINDS) * max(1, self.size.lines // 2_500)
        yield rows_of(
            line,
            self.size.lines,
            f"JOIN ({_kinds()}) k ON k.number = i % {len(_KINDS)}",
            id=self._line_id("i"),
            at=moment(self._line_at("i")),
            connection_id="CASE WHEN i % {} IN (3, 30) THEN {} ELSE {} END".format(every, *connections),
            subject_id=f"CASE k.subject WHEN 'User' THEN {self._user('i')} WHEN 'Group' THEN {self._group('i')} END",
            subject_type="k.subject",
            subject_label=f"CASE k.subject WHEN '' THEN '' ELSE 'subject ' || {digits('i')} END",
            changed="k.outcome <> ''",
            warnings=as_json("k.warnings"),
            **{name: f"k.{name}" for name in ("method", "path", "status", "outcome", "error_id")},
        )
        yield None
        of_note = f"JOIN logbook_entry e ON e.id = {self._line_id('i')} AND (e.changed OR e.status >= 400)"
        yield rows_of(Transcript(request=_BODY, response=_BODY), self.size.lines, of_note, entry_id="e.id")

    def _cycles(self) -> _Statements:
        counts = {"calls": self.per_cycle, "probes": 1, "changed": self.per_cycle // 4, "failed": self.per_cycle // 25}
        cycle = Cycle(domain_id=self.domain.pk, connection_id=self.entra.pk, **counts)
        first, last = f"((i - 1) * {self.per_cycle} + 1)", f"(i * {self.per_cycle})"
        times = {"began": moment(self._line_at(first)), "ended": moment(self._line_at(last))}
        yield rows_of(cycle, self.size.cycles, id=self._line_id(first), **times)

    def _journal(self) -> _Statements:
        change = Change(
            domain=self.domain, actor_kind="connection", actor_id=str(self.entra.pk), actor_label="Entra"
        )  # fmt: skip
        sides = ("""'{"title": "This", "nickName": "That"}'""", """'{"title": "That", "nickName": "This"}'""")
        member = dialects.current().id_text(self._user("i"))
        members = ("""'{"members": []}'""", f"""'{{"members": ["' || {member} || '"]}}'""")
        before, after = (
            f"CASE e.subject_type WHEN 'User' THEN {as_json(of_user)} ELSE {as_json(of_group)} END"
            for of_user, of_group in zip(sides, members, strict=True)
        )
        yield rows_of(
            change,
            self.size.lines,
            f"JOIN logbook_entry e ON e.id = {self._line_id('i')} AND e.changed",
            id=self._change_id("i"),
            request_id=dialects.current().id_text("e.id"),
            verb=_VERB,
            before=before,
            after=after,
            **{name: f"e.{name}" for name in ("at", "subject_type", "subject_id", "subject_label")},
        )
        yield None
        of_groups = f"JOIN directory_change c ON c.id = {self._change_id('i')} AND c.subject_type = 'Group'"
        mention = Mention(domain=self.domain)
        yield rows_of(mention, self.size.lines, of_groups, subject_id=self._user("i"), change_id="c.id")

    def _trash(self) -> _Statements:
        yield rows_of(
            self._tombstone(subject_type="User", memberships=[]),
            self.size.deleted,
            id=self._id(_GONE, "i"),
            label=f"'Gone ' || {digits('i')}",
            label_key=f"'gone ' || {digits('i')}",
            deleted=moment(self._line_at("i")),
        )

    def _tombstone(self, **more: Any) -> kernel.Tombstone:
        later = timezone.now() + timedelta(days=30)
        return kernel.Tombstone(domain=self.domain, snapshot={"attributes": "{}"}, purge_after=later, **more)

    def _user(self, number: str) -> str:
        """Return whom a line is about. Some are changed in every cycle, as those whose attributes never settle."""
        again = f"({number} - 1) % {self.per_cycle}"
        which = f"CASE WHEN {number} % 50 < 4 THEN {again} ELSE {number} + {number} / 50 END"
        return self._id(_USERS, f"(1 + ({which}) % {self.size.people})")

    def _group(self, number: str) -> str:
        return self._id(_GROUPS, f"(1 + {number} % {min(self.size.groups, 7)})")

    def _line_at(self, number: str) -> str:
        """Return when a line was written: each cycle fills the second half of its time."""
        span = _LOG // self.size.cycles
        cycle, within = f"(({number} - 1) / {self.per_cycle})", f"(({number} - 1) % {self.per_cycle})"
        return f"({self.since + span // 2} + {cycle} * {span} + {within} * {span // 2} / {self.per_cycle})"

    def _line_id(self, number: str) -> str:
        return self._id(self._line_at(number), number)

    def _change_id(self, number: str) -> str:
        return self._id(f"({self._line_at(number)} + 1)", number)

    def _id(self, at: str, number: str) -> str:
        return id_at(at, self.mark, number)


def _connection(domain: Domain, name: str) -> Connection:
    return Connection.objects.create(domain=domain, kind=Connection.Kind.KEY, scope="scim", name=name)


def _kinds() -> str:
    lines = [
        "SELECT {} AS number, {}".format(
            number, ", ".join(f"'{value}' AS {name}" if isinstance(value, str) else f"{value} AS {name}"
                              for name, value in kind._asdict().items())
        )
        for number, kind in enumerate(_KINDS)
    ]  # fmt: skip
    return " UNION ALL ".join(lines)

"""A domain of any size, filled by a handful of statements: people, groups, a log with its cycles, a journal, a trash.

What a row looks like is said once, by an instance that is not saved; the columns that differ are expressions on its
number `i`. Every id follows from that number and a time, so that the rows of different tables find each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from oauth.models import Connection
from securelogin.directory import dialect as dialects
from securelogin.directory import models as kernel
from securelogin.directory.domains import create_domain
from securelogin.directory.held import Guard, Held
from securelogin.directory.models import Change, Counter, Domain, Group, Membership, Mention, User, UserLookup
from securelogin.logbook.models import Bookmark, Cycle, Entry, Transcript

# In milliseconds, as all times in here: when the groups came. People came at the next, and the deleted at the third.
_LONG_AGO = 1_700_000_000_000
_GROUPS, _USERS, _GONE = (str(_LONG_AGO + number) for number in range(3))
_LOG = 30 * 24 * 60 * 60 * 1000  # how far back the log goes; its last line is a minute old
_BODY = '{"Operations":[' + ",".join(['{"op":"Replace","path":"title","value":"Of the usual length"}'] * 6) + "]}"

_Statement = tuple[str, list[Any]]
# Before what refers to rows that have just come: each reference would be checked by a plan for an empty table.
_ANALYZE: _Statement = ("ANALYZE", [])


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
        for sql, parameters in filling.statements():
            cursor.execute(sql, parameters)
    return filling.finished()


def settle() -> None:
    """Leave what was filled as housekeeping would: with statistics and, where no transaction is open, vacuumed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("RESET statement_timeout")
        else:
            cursor.execute("ANALYZE")


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

    def statements(self) -> Iterator[_Statement]:
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
        everybody = [str(_uuid(_USERS, self.mark, number)) for number in range(1, self.size.people + 1)]
        gone = self._tombstone(id=_uuid(_GONE, self.mark, 0), subject_type="Group", memberships=everybody, deleted=now)
        gone.label, gone.label_key = "Everybody", "everybody"
        gone.save()
        crowd_id, user_id = _uuid(_GROUPS, self.mark, 1), _uuid(_USERS, self.mark, 1)
        return Filled(self.domain, crowd_id, user_id, gone.pk, self.entra.pk, self.rare.pk)

    def _people(self) -> Iterator[_Statement]:
        number, mails = _digits("i"), {"emails": [{"type": "work", "value": "someone@city.example"}]}
        yield _rows(
            User(domain=self.domain, attributes=mails),
            self.size.people,
            id=self._id(_USERS, "i"),
            active="CASE i % 50 WHEN 3 THEN FALSE WHEN 4 THEN NULL ELSE TRUE END",
            external_id=f"'e' || {number}",
            **dict.fromkeys(("user_name", "user_name_key"), f"'person' || {number} || '@city.example'"),
            **dict.fromkeys(("display_name", "display_name_key"), f"'named ' || {number}"),
            **dict.fromkeys(("family_name", "family_name_key"), f"'family ' || {number}"),
        )
        yield _ANALYZE
        mail = UserLookup(domain=self.domain, position=0, attribute="emails", type_key="work")
        yield _rows(mail, self.size.people, user_id=self._id(_USERS, "i"), key=f"'mail' || {number} || '@city.example'")
        held = Held(domain=self.domain, subject_type="User", at=timezone.now())
        yield _rows(held, self.size.people // 2, subject_id=self._id(_USERS, "i"))

    def _groups(self) -> Iterator[_Statement]:
        people, groups, name = self.size.people, self.size.groups, f"'group ' || {_digits('i')}"
        yield _rows(
            Group(domain=self.domain), groups, id=self._id(_GROUPS, "i"), display_name=name, display_name_key=name
        )
        yield _ANALYZE
        # Everybody is in the first; the first person in all, and each other one in one more.
        member, everyone = Membership(domain=self.domain), self._id(_USERS, "i")
        yield _rows(member, people, group_id=self._id(_GROUPS, "1"), user_id=everyone)
        yield _rows(member, groups - 1, group_id=self._id(_GROUPS, "(i + 1)"), user_id=self._id(_USERS, "1"))
        another = self._id(_GROUPS, f"(2 + i % {groups - 1})")
        yield _rows(member, people - 1, group_id=another, user_id=self._id(_USERS, "(i + 1)"))
        for counted, value in (("User", people), ("Group", groups)):
            yield _rows(Counter(domain=self.domain, counted=counted, slot=0, value=value), 1)

    def _lines(self) -> Iterator[_Statement]:
        line = Entry(domain_id=self.domain.pk, actor_label="Entra", milliseconds=4, query="attributes=id")
        connections = (_literal(self.rare.pk), _literal(self.entra.pk))
        every = len(_KINDS) * max(1, self.size.lines // 2_500)
        yield _rows(
            line,
            self.size.lines,
            f"JOIN ({_kinds()}) k ON k.number = i % {len(_KINDS)}",
            id=self._line_id("i"),
            at=_moment(self._line_at("i")),
            connection_id="CASE WHEN i % {} IN (3, 30) THEN {} ELSE {} END".format(every, *connections),
            subject_id=f"CASE k.subject WHEN 'User' THEN {self._user('i')} WHEN 'Group' THEN {self._group('i')} END",
            subject_type="k.subject",
            subject_label=f"CASE k.subject WHEN '' THEN '' ELSE 'subject ' || {_digits('i')} END",
            changed="k.outcome <> ''",
            warnings=_json("k.warnings"),
            **{name: f"k.{name}" for name in ("method", "path", "status", "outcome", "error_id")},
        )
        yield _ANALYZE
        of_note = f"JOIN logbook_entry e ON e.id = {self._line_id('i')} AND (e.changed OR e.status >= 400)"
        yield _rows(Transcript(request=_BODY, response=_BODY), self.size.lines, of_note, entry_id="e.id")

    def _cycles(self) -> Iterator[_Statement]:
        counts = {"calls": self.per_cycle, "probes": 1, "changed": self.per_cycle // 4, "failed": self.per_cycle // 25}
        cycle = Cycle(domain_id=self.domain.pk, connection_id=self.entra.pk, **counts)
        first, last = f"((i - 1) * {self.per_cycle} + 1)", f"(i * {self.per_cycle})"
        times = {"began": _moment(self._line_at(first)), "ended": _moment(self._line_at(last))}
        yield _rows(cycle, self.size.cycles, id=self._line_id(first), **times)

    def _journal(self) -> Iterator[_Statement]:
        change = Change(
            domain=self.domain, actor_kind="connection", actor_id=str(self.entra.pk), actor_label="Entra"
        )  # fmt: skip
        sides = ("""'{"title": "This", "nickName": "That"}'""", """'{"title": "That", "nickName": "This"}'""")
        member = dialects.current().id_text(self._user("i"))
        members = ("""'{"members": []}'""", f"""'{{"members": ["' || {member} || '"]}}'""")
        before, after = (
            f"CASE e.subject_type WHEN 'User' THEN {_json(of_user)} ELSE {_json(of_group)} END"
            for of_user, of_group in zip(sides, members, strict=True)
        )
        yield _rows(
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
        yield _ANALYZE
        of_groups = f"JOIN directory_change c ON c.id = {self._change_id('i')} AND c.subject_type = 'Group'"
        mention = Mention(domain=self.domain)
        yield _rows(mention, self.size.lines, of_groups, subject_id=self._user("i"), change_id="c.id")

    def _trash(self) -> Iterator[_Statement]:
        yield _rows(
            self._tombstone(subject_type="User", memberships=[]),
            self.size.deleted,
            id=self._id(_GONE, "i"),
            label=f"'Gone ' || {_digits('i')}",
            label_key=f"'gone ' || {_digits('i')}",
            deleted=_moment(self._line_at("i")),
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
        return _id(at, self.mark, number)


def _connection(domain: Domain, name: str) -> Connection:
    return Connection.objects.create(domain=domain, kind=Connection.Kind.KEY, scope="scim", name=name)


# SQL in the words of both databases


def _rows(row: models.Model, count: int, source: str = "", **differing: str) -> _Statement:
    """Return the statement that inserts a row so often; `i` goes from 1 to `count` in the columns that differ."""
    fields = [field for field in row._meta.concrete_fields if field.column not in differing]  # Django documents it
    alike = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    columns = ", ".join(f'"{name}"' for name in [*(field.column for field in fields), *differing])
    chosen = ", ".join([*map(_parameter, fields), *(sql.replace("%", "%%") for sql in differing.values())])
    numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    table = row._meta.db_table  # as above
    source = source.replace("%", "%%")
    return f"INSERT INTO {table} ({columns}) {numbers} SELECT {chosen} FROM n {source}", [count, *alike]  # noqa: S608  # no client's text


def _parameter(field: Any) -> str:
    # PostgreSQL does not look at the column to tell the type of a parameter in a SELECT.
    return f"CAST(%s AS {field.rel_db_type(connection)})" if connection.vendor == "postgresql" else "%s"


def _kinds() -> str:
    lines = [
        "SELECT {} AS number, {}".format(
            number, ", ".join(f"'{value}' AS {name}" if isinstance(value, str) else f"{value} AS {name}"
                              for name, value in kind._asdict().items())
        )
        for number, kind in enumerate(_KINDS)
    ]  # fmt: skip
    return " UNION ALL ".join(lines)


def _uuid(at: str, mark: int, number: int) -> UUID:
    return UUID(f"{int(at):012x}7{mark:03x}8000{number:012x}")


def _id(at: str, mark: int, number: str) -> str:
    """Return the expression for what `_uuid` returns."""
    between = f"7{mark:03x}8000"
    if connection.vendor == "postgresql":
        return f"(lpad(to_hex({at}), 12, '0') || '{between}' || lpad(to_hex({number}), 12, '0'))::uuid"
    return f"printf('%012x{between}%012x', {at}, {number})"


def _literal(value: UUID) -> str:
    return f"'{value}'::uuid" if connection.vendor == "postgresql" else f"'{value.hex}'"


def _moment(at: str) -> str:
    if connection.vendor == "postgresql":
        return f"to_timestamp({at} / 1000.0)"
    return f"strftime('%Y-%m-%d %H:%M:%f', {at} / 1000.0, 'unixepoch')"


def _digits(number: str) -> str:
    return f"lpad({number}::text, 6, '0')" if connection.vendor == "postgresql" else f"printf('%06d', {number})"


def _json(text: str) -> str:
    return f"CAST({text} AS jsonb)" if connection.vendor == "postgresql" else text

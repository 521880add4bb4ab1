"""A list of people as CSV: streamed, with every value as it was sent, and none that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from securelogin.directory.models import User

_BATCH = 500
_COLUMNS = (
    *("id", "externalId", "userName", "displayName", "name.givenName", "name.familyName", "emails", "active"),
    *("meta.created", "meta.lastModified"),
)
# With these, a spreadsheet takes a text for a formula. An apostrophe before it says that it is none.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
            "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip


class _Echo:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(people: QuerySet[User], name: str) -> StreamingHttpResponse:
    """Answer with a file of all these people, read a batch at a time, so that it may have any length."""
    answer = StreamingHttpResponse(_lines(people), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(people: QuerySet[User]) -> Iterator[str]:
    write = csv.writer(_Echo()).writerow
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + write(_COLUMNS)  # by which spreadsheets know UTF-8
    for person in _all(people):
        yield write([harmless(cell) for cell in _cells(person)])


def _all(people: QuerySet[User]) -> Iterator[User]:
    """Yield everybody by userName: each batch begins behind the last, so no cursor stays open for a slow reader."""
    batch: Iterable[User] = people.order_by("user_name_key")[:_BATCH]
    while found := list(batch):
        yield from found
        batch = people.filter(user_name_key__gt=found[-1].user_name_key).order_by("user_name_key")[:_BATCH]


def _cells(person: User) -> list[str]:
    active = {True: "true", False: "false", None: ""}[person.active]
    texts = (person.external_id, person.user_name, person.display_name, person.given_name, person.family_name)
    moments = (person.created.isoformat(), person.modified.isoformat())
    return [str(person.pk), *(text or "" for text in texts), _mails(person.attributes), active, *moments]


def _mails(attributes: dict[str, Any]) -> str:
    mails = attributes.get("emails") or []
    return " ".join(str(mail["value"]) for mail in mails if isinstance(mail, dict) and mail.get("value"))

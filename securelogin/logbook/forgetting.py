"""Forgetting a person: a domain's lines lose what names her. That somebody asked, when, and with what result, stays."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from django.db.models import QuerySet

from securelogin.logbook.models import Entry, Transcript

FORGOTTEN = "(forgotten)"
_BATCH = 500
_TOLD = ("path", "query", "detail")


def forget(domain_id: UUID, subject_id: UUID, names: Iterable[str]) -> int:
    """Clear the domain's lines about her, and those that hold one of her names; return how many those were.

    Every line is looked at, a page at a time, since a filter holds names in whatever spelling a client chose. Running
    it again finishes what was cut off.
    """
    known, count = _pattern(names), 0
    for page in _pages(Entry.objects.filter(domain_id=domain_id).order_by("id")):
        changed = [line for line in page if _cleared(line, subject_id, known)]
        Entry.objects.bulk_update(changed, [*_TOLD, "warnings", "subject_label", "actor_label"])
        _forget_what_was_said(page, subject_id, known)
        count += len(changed)
    return count


def _forget_what_was_said(page: list[Entry], subject_id: UUID, known: re.Pattern[str] | None) -> None:
    """Delete the transcripts of these lines that tell of her: a body cannot be cleared of a person and stay a body."""
    hers = {line.pk for line in page if line.subject_id == subject_id}
    said = Transcript.objects.filter(entry__in=[line.pk for line in page])
    told = [each.pk for each in said if each.pk in hers or _is_told(each, known)]
    Transcript.objects.filter(pk__in=told).delete()


def _is_told(said: Transcript, known: re.Pattern[str] | None) -> bool:
    return any(_names(text, known) for text in (said.request, said.response, str(said.checks)))


def _pages(lines: QuerySet[Entry]) -> Iterator[list[Entry]]:
    page = list(lines[:_BATCH])
    while page:
        yield page
        page = list(lines.filter(id__gt=page[-1].pk)[:_BATCH])


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Match any of the names as a whole, in any case: forgetting Ann must not clear the lines about Annabel."""
    wanted = sorted({re.escape(name) for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE) if wanted else None


def _cleared(line: Entry, subject_id: UUID, known: re.Pattern[str] | None) -> bool:
    """Clear the line in memory where it tells of her, and return whether it did."""
    about_her = line.subject_id == subject_id
    before = _values(line)
    for column in _TOLD:
        if _names(getattr(line, column), known) or (about_her and column == "detail"):
            setattr(line, column, FORGOTTEN if getattr(line, column) else "")
    line.warnings = [FORGOTTEN if about_her or _names(sentence, known) else sentence for sentence in line.warnings]
    if about_her or _names(line.subject_label, known):
        line.subject_label = FORGOTTEN
    if _names(line.actor_label, known):
        line.actor_label = FORGOTTEN
    return _values(line) != before


def _names(text: str, known: re.Pattern[str] | None) -> bool:
    return known is not None and known.search(unquote_plus(text)) is not None


def _values(line: Entry) -> list[Any]:
    return [line.path, line.query, line.detail, list(line.warnings), line.subject_label, line.actor_label]

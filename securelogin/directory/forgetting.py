"""Forgetting a person who has been deleted: what is kept of her, in journal and logbook, loses what names her.

That there was a change, of which attributes, by whom and when, stays. This is the journal's one exception from being
append-only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from securelogin.directory.held import Guard
from securelogin.directory.ids import parse_id
from securelogin.directory.models import Change, Domain, Tombstone, User
from securelogin.directory.statements import USERS
from securelogin.directory.text import comparison_key
from securelogin.logbook import forgetting as logbook
from securelogin.logbook.forgetting import FORGOTTEN

_BATCH = 200
# Values of these name nobody: whether she might sign in, and the ids of her groups.
_HARMLESS = {"active", USERS.related, *USERS.internal}
# Whatever else of her stands in an address or a sentence: plural attributes are lists of {"value": …}.
_NAMING = ("user_name", "display_name", "external_id", "emails", "phoneNumbers", "nickName")


class StillThereError(Exception):
    """She is still a user of the domain: whoever is there cannot be forgotten."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was cleared; `names` are what she was called, for whoever keeps her name elsewhere."""

    names: frozenset[str]
    logbook_lines: int
    changes: int
    tombstones: int


def departed(domain: Domain, user: str) -> list[UUID]:
    """Return the ids of those who were deleted under this userName, or the id itself if it is one.

    Raises StillThereError when a user of the domain has this id or name.
    """
    one, key = parse_id(user), comparison_key(user)
    there = User.objects.filter(domain=domain)
    if (there.filter(pk=one) if one else there.filter(user_name_key=key)).exists():
        raise StillThereError(user)
    if one:
        return [one]
    ends = Change.objects.filter(domain=domain, subject_type=USERS.name, verb="delete")
    graves = Tombstone.objects.filter(domain=domain, subject_type=USERS.name)
    labels = [*ends.values_list("subject_id", "subject_label"), *graves.values_list("id", "label")]
    return sorted({subject for subject, label in labels if comparison_key(label) == key})


def forget(domain: Domain, person: UUID) -> Forgotten:
    """Clear what is kept of a deleted person; she cannot be brought back after it.

    The logbook goes first and the tombstone last, since the journal is where her names are found: a run that is cut
    off is finished by the next one, and one more changes nothing.
    """
    changes = Change.objects.filter(domain=domain, subject_type=USERS.name, subject_id=person)
    told = changes.exclude(subject_label=FORGOTTEN).order_by("id")
    graves = Tombstone.objects.filter(domain=domain, pk=person)
    names = frozenset(_names(told.iterator(), graves))
    lines = logbook.forget(domain.pk, person, names)
    acted = Change.objects.filter(domain=domain, actor_kind="manager", actor_id=str(person))
    acted = acted.exclude(actor_label=FORGOTTEN)
    Guard.objects.filter(domain=domain, state_by_name__in=names).update(state_by_name=FORGOTTEN)
    return Forgotten(names, lines, _clear(list(told)) + acted.update(actor_label=FORGOTTEN), graves.delete()[0])


def _clear(changes: list[Change]) -> int:
    for change in changes:
        change.before, change.after = _without_values(change.before), _without_values(change.after)
        change.subject_label = FORGOTTEN
        if change.actor_kind == "invitation":  # she accepted it herself
            change.actor_label = FORGOTTEN
    Change.objects.bulk_update(changes, ["before", "after", "subject_label", "actor_label"], batch_size=_BATCH)
    return len(changes)


def _without_values(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name in _HARMLESS else FORGOTTEN for name, value in attributes.items()}


def _names(changes: Iterator[Change], graves: Any) -> Iterator[str]:
    """Yield what she was called, and how she could be reached, at any time that is still told."""
    for change in changes:
        yield change.subject_label
        for attributes in (change.before, change.after):
            yield from _strings(attributes)
    for grave in graves:
        yield grave.label
        yield from _strings(grave.snapshot | grave.snapshot.get("attributes", {}))


def _strings(attributes: dict[str, Any]) -> Iterator[str]:
    for name in _NAMING:
        value = attributes.get(name)
        elements = value if isinstance(value, list) else [value]
        for element in elements:
            text = element.get("value") if isinstance(element, dict) else element
            if isinstance(text, str) and text:
                yield text

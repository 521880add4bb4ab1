"""What the pages say of what was deleted: by whom, and what of it would come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from securelogin.console.timeline import Named, names_of
from securelogin.directory.dialect import Dialect
from securelogin.directory.models import Change, Domain, Tombstone
from securelogin.directory.trash import outlook

_NAMED = 20
# Of a group of everybody so many tell enough of how many of them are still here.
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Grave:
    """A line of the trash."""

    tombstone: Tombstone
    by: str


@dataclass(frozen=True, slots=True)
class Return:
    """Which memberships come back with a restored row: the first of them by name, and how many of so many looked at."""

    rejoined: list[Named]
    rejoined_total: int
    gone: list[Named]
    gone_total: int
    unseen_total: int  # so many more than those looked at


def deleted_by(domain: Domain, tombstones: Iterable[Tombstone]) -> dict[UUID, str]:
    """Return who deleted each, by id: the last one, where somebody was deleted twice."""
    ids = [tombstone.pk for tombstone in tombstones]
    ends = Change.objects.filter(domain=domain, subject_id__in=ids, verb="delete")
    # Put in order here: to read them so, SQLite would walk the whole journal.
    return {one: label for _, one, label in sorted(ends.values_list("pk", "subject_id", "actor_label"))}


def return_of(tombstone: Tombstone, dialect: Dialect) -> Return:
    there, gone = outlook(tombstone, dialect, _LOOKED_AT)
    names = names_of(tombstone.domain, {*there[:_NAMED], *gone[:_NAMED]})
    shown = [[Named(one, names.get(one, one)) for one in side[:_NAMED]] for side in (there, gone)]
    return Return(shown[0], len(there), shown[1], len(gone), max(0, len(tombstone.memberships) - _LOOKED_AT))

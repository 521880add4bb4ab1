"""What the pages say of what was deleted: by whom, and what of it would come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from securelogin.console.timeline import Named, names_of
from securelogin.directory.dialect import Dialect
from securelogin.directory.models import Change, Domain, Tombstone
from securelogin.directory.trash import outlook

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Grave:
    """A line of the trash."""

    tombstone: Tombstone
    by: str


@dataclass(frozen=True, slots=True)
class Return:
    """Which memberships come back with a restored row; the first of them by name, of all how many."""

    rejoined: list[Named]
    rejoined_total: int
    gone: list[Named]
    gone_total: int


def deleted_by(domain: Domain, tombstones: Iterable[Tombstone]) -> dict[UUID, str]:
    """Return who deleted each, by id: the last one, where somebody was deleted twice."""
    ids = [tombstone.pk for tombstone in tombstones]
    ends = Change.objects.filter(domain=domain, subject_id__in=ids, verb="delete").order_by("id")
    return dict(ends.values_list("subject_id", "actor_label"))


def return_of(tombstone: Tombstone, dialect: Dialect) -> Return:
    there, gone = outlook(tombstone, dialect)
    names = names_of(tombstone.domain, {*there[:_NAMED], *gone[:_NAMED]})
    shown = [[Named(one, names.get(one, one)) for one in side[:_NAMED]] for side in (there, gone)]
    return Return(shown[0], len(there), shown[1], len(gone))

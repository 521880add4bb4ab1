"""What the pages say of the deletion guard: what it counts, what it holds, and who that is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from securelogin.directory.directory import GROUPS, USERS, Directory
from securelogin.directory.guard import limit
from securelogin.directory.held import Guard, Held
from securelogin.directory.ids import parse_id
from securelogin.directory.models import Domain, Group, User

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownGuard:
    """A guard at a moment, in a domain of so many users and groups."""

    row: Guard
    now: datetime
    users_total: int
    groups_total: int

    @property
    def is_released(self) -> bool:
        return self.row.is_released(self.now)

    @property
    def users_limit(self) -> int:
        return limit(self.row, self.users_total)

    @property
    def groups_limit(self) -> int:
        return limit(self.row, self.groups_total)

    @property
    def users_gone(self) -> int:
        return self.row.users if self._is_counting() else 0

    @property
    def groups_gone(self) -> int:
        return self.row.groups if self._is_counting() else 0

    def _is_counting(self) -> bool:
        return self.now.timestamp() - self.row.since < self.row.minutes * 60


def shown(row: Guard, directory: Directory, now: datetime) -> ShownGuard:
    return ShownGuard(row, now, directory.count(USERS, None), directory.count(GROUPS, None))


@dataclass(frozen=True, slots=True)
class HeldOne:
    """Whose removal is held: a user with her userName, or a group, which has none."""

    id: UUID
    name: str
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Some of those whose removal is held, those that came first into the domain first, and where the next begin."""

    rows: list[HeldOne]
    next: UUID | None


def held_page(domain: Domain, after: str) -> HeldPage:
    """Return the held ones behind the id `after`. Who has gone meanwhile, by another hand, is left out."""
    held = Held.objects.filter(domain=domain)
    if start := parse_id(after):
        held = held.filter(subject_id__gt=start)
    ids = list(held.order_by("subject_id").values_list("subject_id", flat=True)[: PER_PAGE + 1])
    page = ids[:PER_PAGE]
    users = User.objects.filter(domain=domain, pk__in=page)
    found = [HeldOne(user.pk, user.display_name or user.user_name, user.user_name) for user in users]
    found += [HeldOne(group.pk, group.display_name) for group in Group.objects.filter(domain=domain, pk__in=page)]
    return HeldPage(sorted(found, key=lambda one: one.id), page[-1] if len(ids) > PER_PAGE else None)

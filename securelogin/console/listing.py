"""What the console lists with page numbers, for lists that are short; and the numbers that a row of a page shows."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet

from securelogin.console.keyset import PER_PAGE
from securelogin.directory.models import Domain, Group, Membership, User

_Row = TypeVar("_Row", bound=Model)


def with_group_count(domain: Domain, people: Sequence[User]) -> list[User]:
    """Return the users of one page, each with `group_count`."""
    return _counted(domain, "user", "group_count", people)


def with_member_count(domain: Domain, groups: Sequence[Group]) -> list[Group]:
    """Return the groups of one page, each with `member_count`."""
    return _counted(domain, "group", "member_count", groups)


def page_of(rows: QuerySet[_Row], total: int, asked: str | None) -> Page[_Row]:
    """Return the page that was asked for, the nearest there is. `total` is known already and not counted again."""
    pages = Paginator(rows, PER_PAGE)
    pages.count = total
    return pages.get_page(asked)


def _counted(domain: Domain, side: str, name: str, rows: Sequence[Any]) -> list[Any]:
    memberships = Membership.objects.filter(domain=domain, **{f"{side}__in": [row.pk for row in rows]})
    counts = dict(memberships.order_by().values_list(side).annotate(total=Count("*")))
    for row in rows:
        setattr(row, name, counts.get(row.pk, 0))
    return list(rows)

"""What the console lists with page numbers, for lists that are short; and the numbers that a row of a page shows."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Model, QuerySet

from securelogin.console.keyset import PER_PAGE
from securelogin.directory import dialect as dialects
from securelogin.directory.models import Domain, Group, User

# Of a group of everybody no more is counted than this: "more than 10,000" tells as much.
MOST_COUNTED = 10_000

# By hand: each count ends where it is told to.
_COUNT = """
SELECT r.id, (
    SELECT count(*) FROM (
        SELECT 1 FROM directory_membership m WHERE m.domain_id = r.domain_id AND m.{side}_id = r.id LIMIT %s
    ) counted
) FROM directory_{side} r WHERE r.domain_id = %s AND {chosen}
"""

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
    dialect = dialects.current()
    sql = _COUNT.format(side=side, chosen=dialect.any_of("r.id"))
    parameters = (MOST_COUNTED + 1, dialect.id(domain.pk), dialect.ids(row.pk for row in rows))
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        counts = {UUID(str(each)): count for each, count in cursor.fetchall()}
    for row in rows:
        setattr(row, name, counts.get(row.pk, 0))
    return list(rows)

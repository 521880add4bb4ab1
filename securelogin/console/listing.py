"""What the console lists: querysets of one domain, with what a line shows beside the row itself, a page at a time."""

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from securelogin.directory.models import Domain, Group, Membership, User

PER_PAGE = 50

_Row = TypeVar("_Row", bound=Model)


def people(domain: Domain) -> QuerySet[User]:
    """A domain's users by name, each with `group_count`."""
    memberships = Membership.objects.filter(domain=domain, user=OuterRef("pk"))
    return (
        User.objects.filter(domain=domain).annotate(group_count=_count(memberships, "user")).order_by("user_name_key")
    )


def groups(domain: Domain) -> QuerySet[Group]:
    """A domain's groups by name, each with `member_count`."""
    memberships = Membership.objects.filter(domain=domain, group=OuterRef("pk"))
    return (
        Group.objects.filter(domain=domain)
        .annotate(member_count=_count(memberships, "group"))
        .order_by("display_name_key")
    )


def page_of(rows: QuerySet[_Row], total: int, asked: str | None) -> Page[_Row]:
    """Return the page that was asked for, the nearest there is. `total` is known already and not counted again."""
    pages = Paginator(rows, PER_PAGE)
    pages.count = total
    return pages.get_page(asked)


def _count(memberships: QuerySet[Membership], side: str) -> Coalesce:
    counted = memberships.order_by().values(side).annotate(total=Count("*")).values("total")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

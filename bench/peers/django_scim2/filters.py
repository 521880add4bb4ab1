"""What django-scim2 leaves to its integrator: which column a group is found by."""

from typing import ClassVar

from django_scim.filters import GroupFilterQuery


class TeamFilter(GroupFilterQuery):
    attr_map: ClassVar[dict[tuple[str, None, None], str]] = {("displayName", None, None): "name"}

"""docs/console.md against the code: the states, the pages of a user, and what each role may do."""

from django.conf import settings

from securelogin.console import tabs
from securelogin.console.finding import STATUSES
from securelogin.console.views.group import MOST_MEMBERS_SHOWN
from securelogin.directory.models import Role
from securelogin.directory.permissions import Permission, allows
from tests.docs.pages import rows, section

PEOPLE = section("docs/console.md", "## Users and groups")
TRASH = section("docs/console.md", "## Trash")


def test_every_status_and_page_of_a_user_is_explained() -> None:
    statuses, pages = [str(label) for value, label in STATUSES if value], [str(tab.title) for tab in tabs.USER]
    assert [cell for cell, _ in rows(PEOPLE)] == [*statuses, *pages]


def test_the_table_of_roles_is_that_of_the_permissions() -> None:
    asked = (Permission.VIEW_DIRECTORY, Permission.EDIT_DIRECTORY, Permission.PURGE)
    table = {
        str(Role(role).label): ["yes" if allows(role, permission) else "no" for permission in asked]
        for role in Role.values
    }
    assert {name: answers for name, *answers in rows(TRASH)} == table


def test_its_numbers_are_those_of_the_code() -> None:
    assert f"more than {MOST_MEMBERS_SHOWN} members" in PEOPLE
    assert f"({settings.TOMBSTONE_DAYS} unless" in TRASH

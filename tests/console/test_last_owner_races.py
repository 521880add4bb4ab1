"""Two owners who demote or remove each other at the same moment: one of them stays. On PostgreSQL."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from securelogin.directory.managers import LastOwnerError, change_role, remove
from securelogin.directory.models import Domain, Manager, Role
from tests.oauth.test_races import at_once
from tests.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]


def succeeded(act: Callable[[Manager], None], manager: Manager) -> bool:
    try:
        act(manager)
    except LastOwnerError:
        return False
    return True


@pytest.mark.parametrize("act", [partial(change_role, role=Role.ADMIN), remove], ids=["demote", "remove"])
def test_of_two_owners_who_end_each_other_one_stays(transactional_db: None, act: Callable[[Manager], None]) -> None:
    domain = Domain.objects.create(name="acme", display_name="Acme")
    for turn in range(5):
        users = [make_user(domain, f"owner{turn}{number}", Role.OWNER) for number in range(2)]
        both = list(Manager.objects.filter(user__in=users))
        assert sorted(at_once(*[partial(succeeded, act, each) for each in both])) == [False, True]
        assert Manager.objects.filter(domain=domain, role=Role.OWNER).count() == 1
        Manager.objects.filter(domain=domain).delete()

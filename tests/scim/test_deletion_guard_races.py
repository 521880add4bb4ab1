"""Many writers at once: no more get past the deletion guard than may, and what it costs does not depend on it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from securelogin.directory.guard import Thresholds, set_thresholds
from securelogin.directory.held import Guard, Held
from securelogin.directory.models import Domain, Tombstone, User
from tests.scim.conftest import Scim
from tests.scim.test_deletion_guard import OFF, settled

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="its writers take turns"),
]
WRITERS, MAY_GO = 16, 5


def test_sixteen_writers_slip_no_more_through_than_may_go(scim: Scim, acme: Domain) -> None:
    set_thresholds(acme, Thresholds(most=MAY_GO))
    ids = settled([scim.user(f"p{number}") for number in range(3 * WRITERS)])

    def remove(number: int) -> int:
        # Every third is disabled and deleted at the same moment, which locks the same two rows in either way.
        one = ids[number // 2 if number % 3 else number]
        try:
            if number % 2:
                return scim.delete(f"/Users/{one}").status_code
            return scim.patch(f"/Users/{one}", OFF).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(remove, range(len(ids))))
    gone = User.objects.filter(active=False).count() + Tombstone.objects.count()
    assert set(answers) <= {200, 204, 404, 503}
    assert sum(answer < 300 for answer in answers) == MAY_GO == Guard.objects.get().users
    assert gone <= MAY_GO
    assert Guard.objects.get().held_users == Held.objects.count() > 0


def test_two_writers_who_are_the_first_to_be_held_begin_one_hold(scim: Scim, acme: Domain) -> None:
    set_thresholds(acme, Thresholds(most=1))
    ids = settled([scim.user(f"p{number}") for number in range(WRITERS + 1)])
    assert scim.delete(f"/Users/{ids[0]}").status_code == 204

    def remove(one: str) -> int:
        try:
            return scim.delete(f"/Users/{one}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        assert set(pool.map(remove, ids[1:])) == {503}
    row = Guard.objects.get()
    assert (row.state, row.held_users, Held.objects.count()) == ("held", WRITERS, WRITERS)

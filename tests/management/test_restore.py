"""The operator's restore brings back what was deleted, or says why not."""

import pytest
from django.core.management.base import CommandError

from securelogin.directory.models import Change, Domain
from tests.management.running import run
from tests.scim.conftest import Scim, connect


def test_a_user_comes_back_and_what_does_not_is_named(acme: Domain) -> None:
    scim = connect(acme)
    anna = scim.user("anna@acme.example")
    sales = scim.group("Sales", anna)
    scim.delete(f"/Users/{anna}")
    scim.delete(f"/Groups/{sales}")
    answer = run("restore", "acme", anna)
    assert answer == {"domain": "acme", "id": anna, "name": "anna@acme.example", "memberships_gone": sales}
    assert scim.get(f"/Users/{anna}").status_code == 200
    assert Change.objects.filter(subject_id=anna).latest("id").actor_kind == "command"
    assert run("restore", "acme", sales)["name"] == "Sales"


def test_a_name_that_is_taken_is_refused_naming_whose_it_is(acme: Domain) -> None:
    scim = connect(acme)
    anna = scim.user("anna@acme.example")
    scim.delete(f"/Users/{anna}")
    other = scim.user("anna@acme.example")
    with pytest.raises(CommandError, match=f"belongs to another by now, with the id {other}"):
        run("restore", "acme", anna)


def test_what_is_not_in_the_trash_of_this_domain_is_not_there(acme: Domain, umbra: Domain) -> None:
    theirs: Scim = connect(umbra)
    gone = theirs.user("u@umbra.example")
    theirs.delete(f"/Users/{gone}")
    with pytest.raises(CommandError, match="nothing with the id"):
        run("restore", "acme", gone)
    assert run("restore", "umbra", gone)["name"] == "u@umbra.example"

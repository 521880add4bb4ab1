"""What is derived stays true: `totalResults` and its counter, look-up rows, comparison keys. Whatever came before."""

from random import Random
from typing import Any

import orjson
import pytest
from django.db.models import Sum

from scim.resources import rows
from scim.resources.catalogue import RESOURCES, USER_RESOURCE
from securelogin.directory import keys
from securelogin.directory.credential import Actor, Tenant
from securelogin.directory.directory import Directory, Slice
from securelogin.directory.errors import NameTakenError
from securelogin.directory.models import Counter, Domain, Group, Membership, Tombstone, User, UserLookup
from tests.scim.conftest import Scim

MODELS = {"Users": User, "Groups": Group}


@pytest.fixture
def directory(acme: Domain) -> Directory:
    return Directory(Tenant(acme.id, acme.name), Actor("test", "", "a test"))


def assert_true(scim: Scim, directory: Directory) -> None:
    """Compare everything derived with what it is derived from."""
    for resource in RESOURCES:
        endpoint, domain = resource.endpoint, directory.tenant.id
        truth = MODELS[endpoint].objects.filter(domain=domain).count()
        counter = Counter.objects.filter(domain=domain, counted=resource.name).aggregate(total=Sum("value"))["total"]
        assert (counter or 0) == scim.get(f"/{endpoint}?count=0").json()["totalResults"] == truth
        assert scim.get(f"/{endpoint}?count=1").json()["totalResults"] == truth
        assert scim.get(f"/{endpoint}?filter=id+pr&count=1").json()["totalResults"] == truth
    for row in directory.select(USER_RESOURCE.table, None, Slice(limit=1_000), "comparable", "lookups"):
        _assert_derived(row)


def _assert_derived(row: dict[str, Any]) -> None:
    values = rows.values(USER_RESOURCE, rows.document(USER_RESOURCE, row))
    assert orjson.loads(row["comparable"]) == values.comparable
    kept = sorted(tuple(each) for each in orjson.loads(row["lookups"] or "[]"))
    assert kept == sorted((each.attribute, each.position, each.key, each.type_key) for each in values.lookups)
    stored = User.objects.filter(pk=row["id"]).values().get()
    derived = keys.with_keys(USER_RESOURCE.table, values.columns)
    assert {name: stored[name] for name in derived} == derived


def test_what_is_derived_is_true_after_any_walk(scim: Scim, neighbour: Scim, directory: Directory) -> None:
    random = Random(5)  # noqa: S311  # the same walk every time
    neighbour.group("theirs", neighbour.user("theirs"))
    for step in range(120):
        random.choice(STEPS)(scim, directory, random, step)
        if step % 20 == 0:
            assert_true(scim, directory)
    assert_true(scim, directory)
    assert neighbour.get("/Users?count=0").json()["totalResults"] == 1
    assert Tombstone.objects.exists()
    assert UserLookup.objects.exists()


def _emails(random: Random) -> list[dict[str, Any]]:
    element = {"type": random.choice(["work", "home"])}
    values = [f"Mail{random.randrange(50)}@x.example" for _ in range(random.randrange(4))]
    return [element | {"value": value} for value in values] + [element]


def _one(scim: Scim, endpoint: str, random: Random) -> str:
    found = scim.get(f"/{endpoint}?attributes=id&count=100").json()["Resources"]
    return random.choice(found)["id"] if found else "nobody"


def create(scim: Scim, _directory: Directory, random: Random, step: int) -> None:
    name = f"name{random.randrange(40)}"
    scim.post("/Users", {"userName": name, "displayName": "Straße", "emails": _emails(random)})
    scim.post(
        "/Groups", {"displayName": name, "members": [{"value": _one(scim, "Users", random)}], "externalId": str(step)}
    )


def change(scim: Scim, _directory: Directory, random: Random, step: int) -> None:
    path = f"/Users/{_one(scim, 'Users', random)}"
    scim.patch(path, {"op": random.choice(["add", "replace"]), "path": "emails", "value": _emails(random)})
    scim.patch(
        path, {"op": "replace", "value": {"userName": f"name{random.randrange(40)}", "name.givenName": f"ΑΣ{step}"}}
    )
    scim.patch(path, {"op": "remove", "path": 'emails[type eq "home"].value'})


def fail(scim: Scim, _directory: Directory, random: Random, _step: int) -> None:
    user_id = _one(scim, "Users", random)
    assert scim.post("/Users", {"userName": "x", "active": "perhaps", "emails": _emails(random)}).status_code == 400
    assert scim.post("/Groups", {"displayName": "y", "members": [{"value": "nobody"}]}).status_code == 400
    assert scim.put(f"/Users/{user_id}", {"emails": _emails(random)}).status_code == 400


def delete(scim: Scim, _directory: Directory, random: Random, _step: int) -> None:
    endpoint = random.choice(["Users", "Groups"])
    scim.delete(f"/{endpoint}/{_one(scim, endpoint, random)}")


def restore(_scim: Scim, directory: Directory, random: Random, _step: int) -> None:
    graves = list(Tombstone.objects.filter(domain_id=directory.tenant.id))
    if graves:
        try:
            directory.restore(random.choice(graves).id)
        except NameTakenError:
            assert len(graves) == Tombstone.objects.count()


STEPS = [create, create, change, change, change, fail, delete, restore]


def test_who_is_brought_back_is_found_again_in_her_groups(scim: Scim, directory: Directory) -> None:
    ann = scim.user("ann", emails=[{"value": "A@x.example"}])
    kept, gone = scim.group("kept", ann), scim.group("gone", ann)
    before = scim.get(f"/Users/{ann}").json()
    scim.delete(f"/Users/{ann}")
    scim.delete(f"/Groups/{gone}")
    _, missing = directory.restore(Tombstone.objects.get(id=ann).id)
    after = scim.get(f"/Users/{ann}").json()
    assert (missing, scim.members(kept)) == ([gone], {ann})
    assert scim.find("Users", 'emails.value eq "a@x.example"') == [ann]
    volatile = {"meta", "groups"}
    assert {name: after[name] for name in after if name not in volatile} == {
        name: before[name] for name in before if name not in volatile
    }
    assert Membership.objects.count() == 1
    assert_true(scim, directory)

"""What was in the trash before it could be searched is found there too, once the migration has run."""

from importlib import import_module

from django.apps import apps

from securelogin.directory.models import Domain, Tombstone
from tests.scim.conftest import connect

migration = import_module("securelogin.directory.migrations.0003_people_trash_keys")


def test_old_tombstones_get_their_key(acme: Domain) -> None:
    scim = connect(acme)
    for name in ("Straße", "other"):
        scim.delete(f"/Groups/{scim.group(name)}")
    Tombstone.objects.update(label_key=None)
    migration.give_keys(apps, None)
    assert set(Tombstone.objects.values_list("label_key", flat=True)) == {"strasse", "other"}

"""What is in the trash already gets the key by which it is found there."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from securelogin.directory.text import comparison_key

_BATCH = 1000


def give_keys(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    tombstones = apps.get_model("directory", "Tombstone").objects
    while keyless := list(tombstones.filter(label_key=None).only("label")[:_BATCH]):
        for tombstone in keyless:
            tombstone.label_key = comparison_key(tombstone.label)
        tombstones.bulk_update(keyless, ["label_key"])


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_people_trash_and_search")]

    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]

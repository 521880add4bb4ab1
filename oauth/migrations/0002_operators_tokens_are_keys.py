"""What an operator's command issued was called a client without an application; it is a connection by key.

Its token goes on working until it expires. The rows move before the next migration forbids what they were.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def name_them_keys(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("oauth", "Connection").objects.filter(kind="client", application=None).update(kind="key")


class Migration(migrations.Migration):
    dependencies = [("oauth", "0001_initial")]

    operations = [migrations.RunPython(name_them_keys, migrations.RunPython.noop)]

"""The table in which attempts are counted for all processes (`CACHES` in the settings); it has no model."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "firms_attempt"


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make it in the form that Django's cache asks for."""
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("firms", "0002_clustered")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
    ]

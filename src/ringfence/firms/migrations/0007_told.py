"""Each firm remembers up to which ledger entry people were told by mail: what lies behind is no news."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def all_told(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was done before there were mails is told to nobody."""
    apps.get_model("firms", "Firm").objects.update(told=models.F("version"))


class Migration(migrations.Migration):
    dependencies = [("firms", "0006_mentions")]

    operations = [
        migrations.AddField(model_name="firm", name="told", field=models.BigIntegerField(default=0)),
        migrations.RunPython(all_told, migrations.RunPython.noop),
    ]

"""The words of a large entry lie together, a few hundred in a row. Those written before stay as they lie."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_as_written(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL: no time is spent on compressing salts, which nothing makes smaller."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE firms_ledgerblock ALTER COLUMN content SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("firms", "0017_notice_unread")]
    operations = [
        migrations.CreateModel(
            name="LedgerBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "entry",
                        "slot",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entry", models.BigIntegerField()),
                ("slot", models.IntegerField()),
                ("thing", models.CharField(max_length=12)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("content", models.BinaryField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "thing", "first", "last"], name="block_of_thing"),
                ],
            },
        ),
        migrations.RunPython(keep_as_written, migrations.RunPython.noop),
    ]

"""The index of the ledger: which entries name whom. `ringfence migrate` fills it where there are entries."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0005_keys")]
    operations = [
        migrations.AddField("firm", "indexed", models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="LedgerMention",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "thing",
                        "first",
                        "entry",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("thing", models.CharField(max_length=12)),
                ("first", models.IntegerField()),
                ("last", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("numbers", models.BinaryField(null=True)),
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
                    models.Index(
                        condition=models.Q(("last__gt", models.F("first"))),
                        fields=["firm", "thing", "last", "first"],
                        name="mention_of_many",
                    ),
                    models.Index(fields=["firm", "entry"], name="mention_by_entry"),
                ],
            },
        ),
        migrations.AddIndex(
            "ledgerentry", models.Index(fields=["firm", "actor", "number"], name="ledger_by_actor")
        ),
        migrations.AddIndex(
            "ledgerentry", models.Index(fields=["firm", "command", "number"], name="ledger_by_command")
        ),
    ]

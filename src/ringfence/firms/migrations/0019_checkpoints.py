"""Checkpoints of the state beside the ledger. They are made by the background, not here."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0018_blocks")]
    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("entry", models.BinaryField()),
                ("form_of", models.CharField(max_length=40)),
                ("form", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("seal", models.BinaryField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckpointPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.BinaryField()),
                ("content", models.BinaryField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
            ],
        ),
    ]

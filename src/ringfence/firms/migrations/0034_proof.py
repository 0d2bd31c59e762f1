"""Keys that sign for firms, checkpoints of ledgers and how they are published, auditors' packs."""

import django.db.models.deletion
import ringfence.firms.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0033_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publishing",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="firms.firm",
                    ),
                ),
                ("hours", models.IntegerField()),
                ("folder", models.BooleanField(default=False)),
                ("mails", models.JSONField(default=list)),
                ("address", models.TextField(blank=True)),
                ("looked_at", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="AuditPack",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("member", models.IntegerField()),
                ("asked", models.JSONField()),
                ("state", models.CharField(max_length=10)),
                ("doing", models.CharField(blank=True, max_length=20)),
                ("done", models.IntegerField(default=0)),
                ("count", models.IntegerField(default=0)),
                ("entry", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("made_at", models.BigIntegerField()),
                ("changed_at", models.BigIntegerField()),
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
            name="AuditPackPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "pack",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("pack", models.IntegerField()),
                ("part", models.IntegerField()),
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
        migrations.CreateModel(
            name="SignedCheckpoint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "entry", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry", models.BigIntegerField()),
                ("key", models.IntegerField()),
                ("made_at", models.BigIntegerField()),
                ("note", models.TextField()),
                ("stamp", models.BinaryField(default=bytes)),
                ("sent", models.JSONField(default=dict)),
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
            name="FirmKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=300)),
                ("public", models.BinaryField()),
                ("seed", ringfence.firms.fields.SealedField(blank=True, purpose="ledger key")),
                ("made_at", models.BigIntegerField()),
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

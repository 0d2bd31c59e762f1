"""The log of decisions: whether a firm has it on, for how long it is kept, and its blocks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0021_webhooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="decision_days",
            field=models.IntegerField(default=30),
        ),
        migrations.AddField(
            model_name="firm",
            name="logs_decisions",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="DecisionBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "ended",
                        "tag",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ended", models.BigIntegerField()),
                ("tag", models.BigIntegerField()),
                ("began", models.BigIntegerField()),
                ("entries", models.IntegerField()),
                ("lost", models.IntegerField(default=0)),
                ("body", models.BinaryField()),
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
        ),
        migrations.AddIndex(
            model_name="decisionblock",
            index=models.Index(condition=models.Q(("lost__gt", 0)), fields=["firm"], name="decisions_lost"),
        ),
    ]

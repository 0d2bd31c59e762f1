"""Answers to requests that may come again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0022_decision_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="RepeatedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.IntegerField()),
                ("key", models.CharField(max_length=128)),
                ("said", models.BinaryField()),
                ("answer", models.JSONField()),
                ("at", models.BigIntegerField()),
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
            options={
                "indexes": [models.Index(fields=["at"], name="repeated_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "token", "key"), name="repeated_key")
                ],
            },
        ),
    ]

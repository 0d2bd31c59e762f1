"""What members tried and were refused, counted by day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0009_lists")]
    operations = [
        migrations.CreateModel(
            name="RefusedAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.IntegerField()),
                ("member", models.IntegerField()),
                ("what", models.CharField(max_length=40)),
                ("count", models.IntegerField(default=0)),
                ("last_at", models.BigIntegerField()),
                ("clients", models.BinaryField(default=bytes)),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "day", "member", "what"), name="refused_attempt_of_day"
                    )
                ],
            },
        ),
    ]

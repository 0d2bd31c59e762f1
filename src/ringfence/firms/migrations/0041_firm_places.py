"""Firms on their way between databases, and those that have left, with their tokens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0040_review_schedules")]
    operations = [
        migrations.CreateModel(
            "FirmMove",
            [
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=10)),
                ("place", models.CharField(max_length=30)),
                ("at", models.BigIntegerField()),
                ("proof", models.BinaryField(default=bytes)),
            ],
        ),
        migrations.CreateModel(
            "MovedKey",
            [
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("number", models.IntegerField(db_index=True)),
            ],
        ),
    ]

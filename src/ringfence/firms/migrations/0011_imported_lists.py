"""The files of lists that were brought in, beside the entries that they became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0010_refused_attempts")]
    operations = [
        migrations.CreateModel(
            name="ImportedList",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "last", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("rows", models.IntegerField()),
                ("state", models.CharField(max_length=10)),
                ("content", models.BinaryField(null=True)),
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

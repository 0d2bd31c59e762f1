"""Which policies are known to be broken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0038_emergency"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyBreach",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "policy", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("policy", models.IntegerField()),
                ("since", models.BigIntegerField()),
                ("entry", models.BigIntegerField()),
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

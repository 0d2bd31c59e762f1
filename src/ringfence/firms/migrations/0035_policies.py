"""The firm's own policies."""

import django.db.models.deletion
import ringfence.firms.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0034_proof"),
    ]

    operations = [
        migrations.AddField(
            model_name="firm",
            name="last_policy",
            field=models.IntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("name_key", ringfence.firms.fields.KeyField()),
                ("text", models.TextField(blank=True)),
                ("mode", models.CharField(max_length=10)),
                ("statements", models.TextField()),
                ("version", models.IntegerField()),
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
                "constraints": [models.UniqueConstraint(fields=("firm", "name_key"), name="policy_name")],
            },
        ),
    ]

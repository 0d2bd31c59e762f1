"""Access reviews."""

import django.db.models.deletion
from django.db import migrations, models

import ringfence.firms.fields


class Migration(migrations.Migration):
    dependencies = [("firms", "0036_walls_in_time")]
    operations = [
        migrations.AddField("firm", "last_review", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=80)),
                ("name_key", ringfence.firms.fields.KeyField()),
                ("started", models.BigIntegerField()),
                ("due", models.BigIntegerField()),
                ("closed", models.BigIntegerField(null=True)),
                ("terms", models.BinaryField()),
                ("progress", models.BinaryField()),
                ("outcome", models.BinaryField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed", None)), fields=("firm", "name_key"), name="review_name"
                    )
                ],
            },
        ),
    ]

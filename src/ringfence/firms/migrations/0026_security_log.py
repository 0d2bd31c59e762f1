"""The security log of each firm."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0025_sign_in")]
    operations = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "slot", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slot", models.BigIntegerField()),
                ("member", models.IntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("count", models.IntegerField(default=1)),
                ("first_at", models.BigIntegerField()),
                ("last_at", models.BigIntegerField()),
                ("address", models.CharField(blank=True, max_length=45)),
                ("browser", models.CharField(blank=True, max_length=20)),
                ("system", models.CharField(blank=True, max_length=20)),
                ("details", models.TextField(blank=True)),
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
                "indexes": [
                    models.Index(fields=["firm", "last_at"], name="security_latest"),
                    models.Index(fields=["firm", "member", "last_at"], name="security_of_member"),
                ],
            },
        ),
    ]

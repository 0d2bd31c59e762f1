"""Domains of e-mail addresses that firms prove."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0028_directory_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmDomain",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("domain", models.CharField(max_length=253)),
                ("token", models.CharField(max_length=64)),
                ("added_at", models.BigIntegerField()),
                ("added_by", models.IntegerField(null=True)),
                ("proved_at", models.BigIntegerField(default=0)),
                ("proved_by", models.IntegerField(null=True)),
                ("vouched", models.BooleanField(default=False)),
                ("checked_at", models.BigIntegerField(default=0)),
                ("missing_since", models.BigIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("firm", "domain"), name="domain_once_in_firm"),
                    models.UniqueConstraint(
                        condition=models.Q(("proved_at__gt", 0)),
                        fields=("domain",),
                        name="domain_of_one_firm",
                    ),
                ],
            },
        ),
    ]

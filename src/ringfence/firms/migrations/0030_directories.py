"""The directory from which a firm has its people."""

from django.db import migrations, models

import ringfence.firms.fields


class Migration(migrations.Migration):
    dependencies = [("firms", "0029_domains")]
    operations = [
        migrations.CreateModel(
            "FirmDirectory",
            [
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="firms.firm",
                    ),
                ),
                ("settings", models.JSONField(default=dict)),
                (
                    "password",
                    ringfence.firms.fields.SealedField(blank=True, default="", purpose="directory"),
                ),
                ("trusted", models.CharField(blank=True, max_length=300)),
                ("hourly", models.BooleanField(default=False)),
                ("last", models.JSONField(default=dict)),
                ("told", models.BooleanField(default=False)),
            ],
        ),
    ]

"""Identity providers of firms, and the sessions that began at one."""

import django.db.models.deletion
import ringfence.firms.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0030_directories"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInProvider",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("uid", models.CharField(max_length=40, unique=True)),
                ("protocol", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=50)),
                ("state", models.CharField(max_length=10)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", ringfence.firms.fields.SealedField(blank=True, purpose="provider")),
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
        migrations.CreateModel(
            name="ProviderSession",
            fields=[
                ("session", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("provider", models.IntegerField()),
                ("subject", models.CharField(max_length=64)),
                ("theirs", models.CharField(blank=True, max_length=64)),
                ("began_at", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "provider", "subject"], name="provider_session_subject")
                ],
            },
        ),
    ]

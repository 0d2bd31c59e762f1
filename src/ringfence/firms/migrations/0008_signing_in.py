"""Invitations, changes of address, sessions as their users see them; attempts are counted in a plain table.

What was counted in the old table is forgotten: it held pickled values, which nobody reads again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0007_told")]
    operations = [
        migrations.RunSQL("DROP TABLE IF EXISTS firms_attempt", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.FloatField(db_index=True)),
            ],
            options={"db_table": "firms_attempt"},
        ),
        migrations.AddField("user", "sessions_ended", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("session", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("browser", models.CharField(blank=True, max_length=20)),
                ("system", models.CharField(blank=True, max_length=20)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "member", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member", models.IntegerField()),
                ("address", models.CharField(max_length=64)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("by", models.IntegerField(null=True)),
                ("invited_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
            name="AddressChange",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("lapses_at", models.DateTimeField()),
            ],
        ),
    ]

"""Who wants the daily digest, and up to when digests have told what happened."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0014_documents")]
    operations = [
        migrations.AddField("firm", "digested", models.BigIntegerField(default=0)),
        # What happened before there was a digest is no news.
        migrations.RunSQL("UPDATE firms_firm SET digested = changed_at", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="DigestChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "member",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("member", models.IntegerField()),
                ("version", models.IntegerField()),
                ("client", models.IntegerField(default=0)),
                ("wanted", models.BooleanField()),
                ("by_link", models.BooleanField(default=False)),
                ("at", models.BigIntegerField()),
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

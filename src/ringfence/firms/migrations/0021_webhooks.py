"""Where a firm's events are sent, what became of each attempt; and an index of what ends by the clock."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0020_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
                ("number", models.IntegerField()),
                ("address", models.CharField(max_length=1000)),
                ("salt", models.BinaryField()),
                ("earlier_salt", models.BinaryField(default=bytes)),
                ("earlier_until", models.BigIntegerField(default=0)),
                ("families", models.JSONField(default=list)),
                ("state", models.CharField(max_length=10)),
                ("made_at", models.BigIntegerField()),
                ("entry", models.BigIntegerField()),
                ("events", models.IntegerField(default=0)),
                ("attempts", models.IntegerField(default=0)),
                ("failing_since", models.BigIntegerField(default=0)),
                ("told", models.SmallIntegerField(default=0)),
                ("next_attempt", models.BigIntegerField(default=0)),
                ("leased_until", models.BigIntegerField(default=0)),
                ("last_delivery", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "webhook",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
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
                ("webhook", models.IntegerField()),
                ("number", models.BigIntegerField()),
                ("entry", models.BigIntegerField()),
                ("part", models.IntegerField()),
                ("type", models.CharField(max_length=60)),
                ("at", models.BigIntegerField()),
                ("milliseconds", models.IntegerField()),
                ("status", models.SmallIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=20)),
                ("again", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("expires__isnull", False)),
                fields=["firm", "expires"],
                name="grant_expires",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["at"], name="delivery_at"),
        ),
    ]

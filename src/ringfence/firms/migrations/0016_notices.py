"""What members were told, what of it they want by mail, and up to when each firm was told by the clock."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0015_digests")]

    operations = [
        migrations.AddField(model_name="firm", name="reminded", field=models.BigIntegerField(default=0)),
        migrations.AddField(model_name="firm", name="warned", field=models.BigIntegerField(default=0)),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "member",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("member", models.IntegerField()),
                ("number", models.IntegerField()),
                ("kind", models.SmallIntegerField()),
                ("at", models.BigIntegerField()),
                ("entry", models.BigIntegerField(default=0)),
                ("facts", models.JSONField(default=dict)),
                ("read", models.BooleanField(default=False)),
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
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "member",
                        "kind",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("member", models.IntegerField()),
                ("kind", models.SmallIntegerField()),
                ("version", models.IntegerField()),
                ("by_mail", models.BooleanField()),
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

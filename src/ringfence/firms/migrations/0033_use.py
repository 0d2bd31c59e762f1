"""When members last used clients, how far that is gathered, and which blocks of decisions are in it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0032_lists_by_token")]

    operations = [
        migrations.CreateModel(
            name="ClientUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "client",
                        "member",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("client", models.IntegerField()),
                ("member", models.IntegerField()),
                ("opened", models.BigIntegerField(default=0)),
                ("decided", models.BigIntegerField(default=0)),
                ("acted", models.BigIntegerField(default=0)),
                ("delegated", models.BigIntegerField(default=0)),
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
            name="UseMark",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="firms.firm",
                    ),
                ),
                ("entry", models.BigIntegerField(default=0)),
                ("decisions_from", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="decisionblock", name="folded", field=models.BooleanField(db_default=False)
        ),
        migrations.AddIndex(
            model_name="decisionblock",
            index=models.Index(
                condition=models.Q(("folded", False)), fields=["firm"], name="decisions_to_fold"
            ),
        ),
    ]

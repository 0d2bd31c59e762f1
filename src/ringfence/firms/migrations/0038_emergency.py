"""Emergency access to clients: what stands, and what waits to be acknowledged."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0037_reviews")]
    operations = [
        migrations.CreateModel(
            name="Emergency",
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
                ("level", models.SmallIntegerField()),
                ("opened", models.BigIntegerField()),
                ("expires", models.BigIntegerField()),
                ("stands", models.BooleanField()),
                ("acknowledged", models.BooleanField()),
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

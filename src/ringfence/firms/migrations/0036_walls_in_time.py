"""When a wall begins and ends, why it stands, and who on it has acknowledged it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0035_policies")]
    operations = [
        migrations.AddField("wall", "reason", models.TextField(default="")),
        migrations.AddField("wall", "starts", models.BigIntegerField(null=True)),
        migrations.AddField("wall", "ends", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            "WallAcknowledgement",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "wall",
                        "member",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wall", models.IntegerField()),
                ("member", models.IntegerField()),
                ("at", models.BigIntegerField()),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
            ],
        ),
    ]

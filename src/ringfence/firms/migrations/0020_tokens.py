"""Tokens for a firm's other software."""

import django.db.models.deletion
from django.db import migrations, models

import ringfence.firms.fields


class Migration(migrations.Migration):
    dependencies = [("firms", "0019_checkpoints")]
    operations = [
        migrations.AddField("firm", "last_token", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("member", models.IntegerField()),
                ("name", models.CharField(max_length=50)),
                ("name_key", ringfence.firms.fields.KeyField()),
                ("scopes", models.IntegerField()),
                ("digest", models.BinaryField(unique=True)),
                ("beginning", models.CharField(blank=True, max_length=20)),
                ("addresses", models.TextField(blank=True)),
                ("made", models.BigIntegerField()),
                ("expires", models.BigIntegerField(null=True)),
                ("revoked", models.BigIntegerField(null=True)),
                ("used", models.BigIntegerField(null=True)),
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
                    models.UniqueConstraint(
                        fields=["firm", "name_key"],
                        condition=models.Q(revoked=None),
                        name="token_name",
                    )
                ]
            },
        ),
    ]

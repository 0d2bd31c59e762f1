"""Documents: who removed one, the firm of each version, and the lines of finalised application forms."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

FIRM_OF_EACH = (
    "UPDATE firms_documentversion SET firm_id ="
    " (SELECT firm_id FROM firms_document WHERE firms_document.id = firms_documentversion.document_id)"
)


def of_firm(**more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="firms.firm",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("firms", "0013_let_in_by")]
    operations = [
        migrations.AddField("document", "removed_by", models.IntegerField(null=True)),
        migrations.AddField("documentversion", "firm", of_firm(null=True)),
        migrations.RunSQL(FIRM_OF_EACH, migrations.RunSQL.noop),
        migrations.AlterField("documentversion", "firm", of_firm()),
        migrations.AddIndex("documentversion", models.Index(fields=["firm", "at"], name="document_written")),
        migrations.CreateModel(
            name="ApplicationLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "firm_id",
                        "document_id",
                        "place",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.IntegerField()),
                ("member", models.IntegerField()),
                ("name", models.CharField(blank=True, max_length=200)),
                ("split", models.IntegerField()),
                ("commission", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.document",
                    ),
                ),
                ("firm", of_firm()),
            ],
            options={
                "indexes": [models.Index(fields=["firm", "member"], name="application_member")],
            },
        ),
    ]

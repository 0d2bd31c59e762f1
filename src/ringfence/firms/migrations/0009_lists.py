"""Lists that are on their way in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0008_signing_in")]
    operations = [
        migrations.CreateModel(
            name="ListUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("file", models.CharField(max_length=255)),
                ("size", models.IntegerField()),
                ("stage", models.CharField(max_length=10)),
                ("turn", models.IntegerField(default=1)),
                ("told", models.JSONField(default=dict)),
                ("doing", models.CharField(blank=True, max_length=20)),
                ("done", models.IntegerField(default=0)),
                ("count", models.IntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=20)),
                ("version", models.BigIntegerField(default=0)),
                ("until", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
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
            options={"indexes": [models.Index(fields=["firm", "member"], name="list_of_member")]},
        ),
        migrations.CreateModel(
            name="ListPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=10)),
                ("content", models.BinaryField()),
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
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="firms.listupload"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("firm", "upload", "name"), name="list_part")]
            },
        ),
    ]

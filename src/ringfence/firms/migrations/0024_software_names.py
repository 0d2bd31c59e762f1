"""What a firm's other software calls its members, types of resources and actions."""

from django.db import migrations, models

import ringfence.firms.fields


class Migration(migrations.Migration):
    dependencies = [("firms", "0023_repeated_answers")]
    operations = [
        migrations.AddField("firm", "names", models.JSONField(default=dict)),
        migrations.AddField(
            "member",
            "external",
            models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            "member",
            "external_key",
            ringfence.firms.fields.KeyField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "member",
            models.UniqueConstraint(
                fields=["firm", "external_key"],
                condition=models.Q(external_key="", _negated=True),
                name="member_external",
            ),
        ),
    ]

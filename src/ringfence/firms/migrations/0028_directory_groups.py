"""Groups that a firm's directory keeps, what it calls members, and who takes over from a leaver."""

from django.db import migrations, models

import ringfence.firms.fields


class Migration(migrations.Migration):
    dependencies = [("firms", "0027_sealed_secrets")]
    operations = [
        migrations.AddField("firm", "successor", models.IntegerField(default=0)),
        migrations.AddField("group", "directory", models.BooleanField(default=False)),
        migrations.AddField(
            "group",
            "external",
            models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            "member",
            "user_name",
            models.CharField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
        migrations.AddField(
            "member",
            "user_name_key",
            ringfence.firms.fields.KeyField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "member",
            models.UniqueConstraint(
                fields=["firm", "user_name_key"],
                condition=models.Q(user_name_key="", _negated=True),
                name="member_user_name",
            ),
        ),
    ]

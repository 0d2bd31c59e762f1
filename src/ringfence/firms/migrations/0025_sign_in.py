"""How a firm wants its people to sign in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0024_software_names")]
    operations = [migrations.AddField("firm", "sign_in", models.JSONField(default=dict))]

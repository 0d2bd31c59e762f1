"""The token with which a list was last told to go on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0031_sign_in_providers")]
    operations = [migrations.AddField("listupload", "token", models.IntegerField(null=True))]

"""Who came in by a link that an administrator was shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0012_client_details")]
    operations = [
        migrations.AddField(model_name="user", name="let_in_by", field=models.IntegerField(null=True)),
        migrations.AddField(model_name="invitation", name="shown", field=models.BooleanField(default=False)),
    ]

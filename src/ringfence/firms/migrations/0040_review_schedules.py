"""Access reviews that begin again and again: a row among the reviews."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0039_policy_breaches")]
    operations = [migrations.AddField("review", "schedule", models.BinaryField(null=True))]

"""Engagements have no index of their clients: the register knows which are whose, and new rows cost less."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("firms", "0042_clients_without_order")]
    operations = [migrations.RemoveIndex("engagement", "engagement_client")]

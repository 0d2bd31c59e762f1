"""Clients have no index of their names: lists take their order from `store.names`, and new rows cost less."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("firms", "0041_firm_places")]
    operations = [migrations.RemoveIndex("client", "client_by_name")]

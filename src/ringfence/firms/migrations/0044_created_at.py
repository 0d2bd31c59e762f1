"""When members were added and groups made: of those of before, as the index of their firm's ledger has it."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from pyroaring import BitMap


def fill_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The first entry that names a member or group is the one that it came with; Everyone came with the firm.

    A ledger whose index is not whole says nothing.
    """
    firms: Any = apps.get_model("firms", "Firm")
    whole = list(firms.objects.filter(indexed=models.F("version")).values_list("pk", flat=True))
    mentions, entries = (apps.get_model("firms", name).objects for name in ("LedgerMention", "LedgerEntry"))
    for firm in whole:
        first = entries.filter(firm=firm).order_by("number").values_list("at", flat=True)[:1]
        everyone: Any = apps.get_model("firms", "Group").objects.filter(firm=firm, number=1)
        everyone.update(created_at=models.Subquery(first))
        for kind in ("member", "group"):
            rows: Any = apps.get_model("firms", kind.title()).objects.filter(firm=firm)
            there = BitMap(rows.values_list("number", flat=True))
            named = mentions.filter(firm=firm, thing=kind).order_by("entry", "first")
            for entry, numbers in _first_named(named, there):
                at = entries.filter(firm=firm, number=entry).values_list("at", flat=True)[0]
                for start in range(0, len(numbers), 500):
                    rows.filter(number__in=numbers[start : start + 500]).update(created_at=at)


def _first_named(mentions: Any, unknown: BitMap) -> Iterator[tuple[int, list[int]]]:
    """Entries, each with those of the numbers that none before it has named."""
    if not unknown:
        return
    for entry, first, last, held in mentions.values_list("entry", "first", "last", "numbers").iterator():
        named = BitMap(range(first, last + 1)) if held is None else BitMap.deserialize(bytes(held))
        if found := named & unknown:
            unknown -= found
            yield entry, list(found)
        if not unknown:
            return


class Migration(migrations.Migration):
    dependencies = [("firms", "0043_engagements_without_clients")]
    operations = [
        migrations.AddField("member", "created_at", models.BigIntegerField(null=True)),
        migrations.AddField("group", "created_at", models.BigIntegerField(null=True)),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]

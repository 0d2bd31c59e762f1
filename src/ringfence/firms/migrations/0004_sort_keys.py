"""Works the sort keys out again: letters with a stroke are folded and apostrophes left out (core/directory.py)."""

from collections.abc import Iterator

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from ringfence.core.directory import sort_key

TABLES = ("member", "group", "service", "client")
ROWS = 5_000
"""Rows read at once."""
SORTED = 400
"""Characters of a key that are kept, as where rows are written."""


def renew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write each key that is another one now; most rows keep theirs."""
    connection = schema_editor.connection
    for name in TABLES:
        table = f"firms_{name}"
        for firm in _firms(connection):
            fresh = list(_fresh(connection, table, firm))
            with connection.cursor() as cursor:
                cursor.executemany(
                    f'UPDATE "{table}" SET sort_key = %s WHERE firm_id = %s AND number = %s', fresh
                )


def _firms(connection: BaseDatabaseWrapper) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM firms_firm ORDER BY id")
        return [firm for (firm,) in cursor.fetchall()]


def _fresh(connection: BaseDatabaseWrapper, table: str, firm: int) -> Iterator[tuple[str, int, int]]:
    """The new key of each row whose key is not the present one, with the row's firm and number."""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT number, name, sort_key FROM "{table}" WHERE firm_id = %s AND number > %s'
                f" ORDER BY number LIMIT {ROWS}",
                [firm, last],
            )
            rows = cursor.fetchall()
        for number, name, key in rows:
            wanted = sort_key(name)[:SORTED]
            if key != wanted:
                yield wanted, firm, number
        if len(rows) < ROWS:
            return
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("firms", "0003_attempts")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]

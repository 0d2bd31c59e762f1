"""SQLite: the tables that are read whole lie in the order of their primary key, without a row id beside it.

Half the size and one sequential read for loading a firm. PostgreSQL has no such tables and needs none.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("client", "engagement", "grant", "exclusion", "groupmember", "wallclient", "ledgertext")


def cluster(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make each table anew; they have just been made and are empty."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for name in TABLES:
            table = f"firms_{name}"
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            (table_sql,) = cursor.fetchone()
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
            indexes = [sql for (sql,) in cursor.fetchall()]
            cursor.execute(f'DROP TABLE "{table}"')
            cursor.execute(f"{table_sql} WITHOUT ROWID")
            for sql in indexes:
                cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("firms", "0001_tables")]
    operations = [migrations.RunPython(cluster, migrations.RunPython.noop)]

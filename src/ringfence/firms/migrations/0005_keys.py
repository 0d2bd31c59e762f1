"""Works the keys out again by which names, addresses and references are compared (rules.md 5, names).

Of two whose keys are the same now, the one that has that key already keeps it, else the first; the other keeps
the key that it had, so that neither is lost. `ringfence doctor` lists them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from ringfence.core.directory import sort_key, tax_key, unique_key

ROWS = 5_000
"""Rows read at once."""
SORTED = 400
"""Characters of a sort key that are kept, as where rows are written."""
SORTED_TABLES = ("member", "group", "service", "client")

Key = Callable[[str], str]
Row = tuple[int, str, str | None]
"""Number, text, present key."""
COMPARED: tuple[tuple[str, str, str, Key], ...] = (
    ("member", "email", "email_key", unique_key),
    ("group", "name", "name_key", unique_key),
    ("service", "name", "name_key", unique_key),
    ("wall", "name", "name_key", unique_key),
    ("client", "reference", "reference_key", unique_key),
)
"""Table, text, key and how the text is compared in one firm."""


def renew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write each key that is another one now; most rows keep theirs."""
    connection = schema_editor.connection
    _renew(connection, "firms_firm", "name", "name_key", unique_key, number="id")
    _renew(connection, "firms_user", "email", "email", unique_key, number="id")
    for (firm,) in _all(connection, "SELECT id FROM firms_firm ORDER BY id"):
        within = f"firm_id = {int(firm)}"
        for table in SORTED_TABLES:
            _renew_sorting(connection, f"firms_{table}", within)
        for table, text, key, compared in COMPARED:
            _renew(connection, f"firms_{table}", text, key, compared, within=within)
        ended = f"{within} AND ended"
        _renew(
            connection, "firms_engagement", "reference", "reference_key", tax_key, within=ended, alone=True
        )
        services = f"SELECT DISTINCT service FROM firms_engagement WHERE {within}"
        for (service,) in _all(connection, services):
            standing = f"{within} AND NOT ended AND service = {int(service)}"
            _renew(connection, "firms_engagement", "reference", "reference_key", tax_key, within=standing)


def _renew(
    connection: BaseDatabaseWrapper,
    table: str,
    text: str,
    key: str,
    compared: Key,
    *,
    number: str = "number",
    within: str = "1 = 1",
    alone: bool = False,
) -> None:
    """The keys of rows among which each is given once; where they stand `alone`, as often as may be."""
    kept: set[str] = set()
    moved: list[tuple[int, str]] = []
    for one, words, present in _rows(connection, table, number, text, key, within):
        wanted = compared(words)
        if present == wanted:
            kept.add(wanted)
        elif wanted:
            moved.append((one, wanted))
    fresh = []
    for one, wanted in moved:
        if alone or wanted not in kept:
            kept.add(wanted)
            fresh.append((wanted, one))
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET {key} = %s WHERE {within} AND {number} = %s', fresh)


def _renew_sorting(connection: BaseDatabaseWrapper, table: str, within: str) -> None:
    rows = _rows(connection, table, "number", "name", "sort_key", within)
    fresh = [(sort_key(name)[:SORTED], one) for one, name, key in rows if key != sort_key(name)[:SORTED]]
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET sort_key = %s WHERE {within} AND number = %s', fresh)


def _rows(
    connection: BaseDatabaseWrapper, table: str, number: str, text: str, key: str, within: str
) -> Iterator[Row]:
    last = -1
    while True:
        rows = _all(
            connection,
            f'SELECT {number}, {text}, {key} FROM "{table}" WHERE {within} AND {number} > {last}'
            f" ORDER BY {number} LIMIT {ROWS}",
        )
        yield from rows
        if len(rows) < ROWS:
            return
        last = rows[-1][0]


def _all(connection: BaseDatabaseWrapper, statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class Migration(migrations.Migration):
    dependencies = [("firms", "0004_sort_keys")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]

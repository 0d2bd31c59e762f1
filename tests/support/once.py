"""What many tests begin with: made by real commands once in a process, put back as rows for every other test.

Each test has it for itself, since its transaction is rolled back. Not here: what is made (see `cast.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

from ringfence.access import door
from ringfence.access.connection import plain
from ringfence.firms.models import Firm
from ringfence.store.loading import Loaded, load

T = TypeVar("T")
Rows = list[tuple[Any, ...]]

APART = 1_000_000
"""Between the ids of one kept world and the next: what a test makes besides has lower ones."""


@dataclass
class _World:
    """What was made: the answer of whoever made it, the rows by table, and the firms' states."""

    made: Any
    rows: dict[str, tuple[str, Rows]] = field(default_factory=dict)
    states: dict[int, Loaded] = field(default_factory=dict)


_worlds: dict[Hashable, _World] = {}


def made_once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` answers, with all that it wrote in the database; `key` names it in this process.

    Ask inside a transaction that is rolled back (the fixture `db`), and once a test for each key. What is
    answered is a copy: a test may change it.
    """
    world = _worlds.get(key)
    if world is None:
        _set_ids_apart(len(_worlds) + 1)
        before = _all_rows()
        made = make()
        world = _worlds[key] = _World(deepcopy(made), _added(before))
        firms = Firm.objects.exclude(pk__in=[row[0] for row in before["firms_firm"]])
        world.states = {firm.pk: load(plain(), firm.pk) for firm in firms}
        return made
    with connection.cursor() as cursor:
        for statement, rows in world.rows.values():
            cursor.executemany(statement, rows)
    for firm, loaded in world.states.items():
        door.STATES.put(firm, loaded)
    copy: T = deepcopy(world.made)
    return copy


def _set_ids_apart(number: int) -> None:
    """Let SQLite number on from a place that no other test comes to. PostgreSQL gives no number twice."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in ("firms_firm", "firms_user"):
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number * APART]
                )


def _all_rows() -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = cursor.fetchall()
    return found


def _added(before: dict[str, Rows]) -> dict[str, tuple[str, Rows]]:
    added = {}
    with connection.cursor() as cursor:
        for table, rows in _all_rows().items():
            new = [row for row in rows if row not in before[table]]
            if new:
                cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
                columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
                places = ", ".join(["%s"] * len(new[0]))
                added[table] = (f'INSERT INTO "{table}" ({columns}) VALUES ({places})', new)
    return added

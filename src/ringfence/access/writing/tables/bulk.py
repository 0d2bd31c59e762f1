"""Statements that write, and thousands of rows at once as each database is quickest at.

New rows go by `executemany` on SQLite and by COPY on PostgreSQL. All run on Django's connection, in its
transaction. What is asked in the words of each database is `access/sql.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection

from ringfence.access.sql import among_numbers, numbers_parameter, rows_of

from .gathered import hold, send
from .log_room import make_room

MANY = 500
"""Rows from which on PostgreSQL writes them in one statement."""
FEW = 5
"""Rows up to which PostgreSQL takes new ones one by one as quickly as copied."""


def execute(statement: str, *parameters: Any) -> None:
    if hold(statement, parameters):
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def execute_each(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """One statement for each of `rows`; for what a set-based statement cannot say."""
    if len(rows) == 1:
        execute(statement, *rows[0])
    elif len(rows) <= FEW and all(hold(statement, row) for row in rows):
        # Gathered, or none of them is.
        return
    elif rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def update_texts(
    table: str, columns: Sequence[str], firm: int, rows: Mapping[int, Sequence[str | None]]
) -> None:
    """Write these text columns of a firm's rows, by their numbers. References may change hands."""
    if "reference_key" in columns and len(rows) > 1:
        # Let go of first, so that no row takes what another has yet to give up.
        execute(
            f"UPDATE {table} SET reference_key = NULL WHERE firm_id = %s AND {among_numbers('number')}",
            firm,
            numbers_parameter(rows),
        )
    if connection.vendor == "sqlite" or len(rows) < MANY:
        places = ", ".join(f"{column} = %s" for column in columns)
        statement = f"UPDATE {table} SET {places} WHERE firm_id = %s AND number = %s"
        execute_each(statement, [[*texts, firm, number] for number, texts in rows.items()])
        return
    places = ", ".join(f"{column} = given.{column}" for column in columns)
    given = ", ".join(["%s::int4[]", *["%s::text[]"] * len(columns)])
    # In a table just filled PostgreSQL takes a firm for empty. Planned one by one, each of these updates is
    # slower than the last; and a nested loop would go through all that is given for each row of the firm.
    execute("SET LOCAL enable_nestloop = off")
    execute(
        f"UPDATE {table} SET {places} FROM unnest({given}) AS given(number, {', '.join(columns)})"
        f" WHERE {table}.firm_id = %s AND {table}.number = given.number",
        list(rows),
        *map(list, zip(*rows.values(), strict=True)),
        firm,
    )
    execute("SET LOCAL enable_nestloop = on")


def analyse(*tables: str) -> None:
    """Let PostgreSQL look at tables that have just grown. Until then it takes a new firm for empty, and goes
    through all of it for every row that is asked for."""
    if connection.vendor == "postgresql":
        execute(f"ANALYZE {', '.join(tables)}")


class NewRows:
    """Rows of a table that are not there yet, as columns; `alike` as in `insert`."""

    def __init__(
        self, table: str, columns: Mapping[str, Sequence[Any]], alike: Mapping[str, int | bool]
    ) -> None:
        self.table, self.names, self.alike = table, list(columns), alike
        self._columns = list(columns.values())
        self.near = ""
        """The table of this connection's own in which they lie, while they do."""

    def __len__(self) -> int:
        return len(self._columns[0])

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """One after the other, so that none need be kept."""
        return zip(*self._columns, strict=True)

    def write(self) -> None:
        """Put them into their table, in the transaction of whoever calls."""
        if not self.near:
            insert(self.table, self.names, list(self.rows()), **self.alike)
            return
        names = ", ".join(f'"{column}"' for column in (*self.alike, *self.names))
        same = "".join(f"{value}, " for value in self.alike.values())
        execute(f'INSERT INTO "{self.table}" ({names}) SELECT {same}* FROM {self.near} ORDER BY rowid')


NEAR = 5_000
"""Rows from which on SQLite copies them from a table of the connection's own."""
BYTES = 128
"""About what the database writes for one of them, with its indexes."""
ROOM = -200_000
"""SQLite's cache while very many rows are written, in KiB: what does not fit is written twice."""


def unseen_before_commit() -> bool:
    """Whether others can write while this transaction does, and see nothing of it: PostgreSQL."""
    return connection.vendor == "postgresql"


@contextmanager
def staged(together: Sequence[NewRows], *, beside: int = 0) -> Iterator[None]:
    """Outside of a transaction: bring many rows into tables of SQLite's connection, which nobody waits for.

    From there they are copied within the database, in half the time that it takes to hand over each row. With
    them about so many bytes are written `beside`, for all of which the log has room.
    """
    many = [rows for rows in together if len(rows) >= NEAR]
    if connection.vendor != "sqlite" or not many:
        yield
        return
    ((room,),) = rows_of("PRAGMA cache_size")
    ((often,),) = rows_of("PRAGMA wal_autocheckpoint")
    try:
        execute(f"PRAGMA cache_size={ROOM}")
        # What a commit puts into the log is brought to the database's file afterwards: nobody waits for that.
        execute("PRAGMA wal_autocheckpoint=0")
        for number, rows in enumerate(many):
            _bring_near(rows, f"temp.near_{number}")
        if not connection.in_atomic_block:
            make_room(beside + BYTES * sum(map(len, many)))
        yield
    finally:
        for rows in many:
            if rows.near:
                execute(f"DROP TABLE IF EXISTS {rows.near}")
                rows.near = ""
        execute(f"PRAGMA cache_size={room}")
        execute(f"PRAGMA wal_autocheckpoint={often}")
        if not connection.in_atomic_block:
            # What is committed stays so: where the file cannot take it yet, later commits try again.
            with suppress(DatabaseError):
                rows_of("PRAGMA wal_checkpoint(PASSIVE)")


def _bring_near(rows: NewRows, name: str) -> None:
    alone = not connection.in_atomic_block
    execute(f"DROP TABLE IF EXISTS {name}")
    execute(f"CREATE TABLE {name} ({', '.join(rows.names)})")
    rows.near = name
    places = ", ".join("?" * len(rows.names))
    if alone:
        # Of a table of its own alone, which takes no lock on the database's file.
        execute("BEGIN")
    # Past Django's cursor, which keeps all that it is given.
    connection.connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows.rows())
    if alone:
        execute("COMMIT")


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **alike: int | bool) -> None:
    """New rows; `alike` are columns that hold the same number in all of them.

    A key that is taken raises `django.db.IntegrityError`.
    """
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in (*alike, *columns))
    if connection.vendor == "sqlite" or len(rows) <= FEW:
        places = ", ".join([*map(str, alike.values()), *["%s"] * len(columns)])
        execute_each(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
        return
    send()
    statement, same = f'COPY "{table}" ({names}) FROM STDIN', tuple(alike.values())
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((*same, *row))

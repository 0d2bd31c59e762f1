"""Statements in the words of each database: rows read, and thousands written at once as each is quickest at.

SQLite unpacks a set from one JSON parameter, PostgreSQL from one array; new rows go by `executemany` there
and by COPY here. All run on Django's connection, in its transaction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
from django.db import DatabaseError, connection

from .gathered import hold, send

MANY = 500
"""Rows from which on PostgreSQL writes them in one statement."""
FEW = 5
"""Rows up to which PostgreSQL takes new ones one by one as quickly as copied."""


def numbers_source() -> str:
    """A table expression with one column `n`, fed by one `numbers_parameter`."""
    if connection.vendor == "sqlite":
        return "(SELECT value AS n FROM json_each(%s))"
    return "(SELECT n FROM unnest(%s::int4[]) AS given(n))"


def among_numbers(column: str) -> str:
    """A condition that holds for the numbers of one `numbers_parameter`."""
    if connection.vendor == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(%s))"
    # Not a subquery: for a table just filled, PostgreSQL would join by going through all of it for each row.
    return f"{column} = ANY(%s::int4[])"


def numbers_parameter(numbers: Iterable[int]) -> object:
    found = list(numbers)
    return msgspec.json.encode(found).decode() if connection.vendor == "sqlite" else found


def joined(words: str) -> str:
    """An aggregate: all words of a group but nulls, one a line, in order of the column `number`.

    SQLite takes the order from the subquery that the rows come from.
    """
    if connection.vendor == "sqlite":
        return f"group_concat({words}, '\n')"
    return f"string_agg({words}, E'\\n' ORDER BY number)"


def lower(column: str) -> str:
    """The column with the letters of ASCII in lower case."""
    return f"lower({column})" if connection.vendor == "sqlite" else f'lower({column} COLLATE "C")'


def are_bytes(columns: Iterable[str]) -> str:
    """A condition: one of these columns of text holds bytes, which SQLite lets be there and reads alike."""
    if connection.vendor == "sqlite":
        return " OR ".join(f"{column} >= x''" for column in columns)
    return "FALSE"


def words_parameter(words: Iterable[str]) -> object:
    found = list(words)
    return msgspec.json.encode(found).decode() if connection.vendor == "sqlite" else found


def keyed(column: str) -> str:
    """A condition with one parameter that is not empty: what is filed under it, found by a partial index.

    SQLite takes an index of the keys that are not empty only where the statement says so too.
    """
    return f"{column} = %s AND NOT {column} = ''"


def numbers_by_word(
    table: str, column: str, words: Iterable[str], where: str, *given: object
) -> list[tuple[str, int]]:
    """The words found in a column, each with the `number` of its row; `where` is the rest of the condition.

    SQLite is told to look each word up: by itself it would go through the whole firm.
    """
    wanted = list(words)
    if not wanted:
        return []
    source, match = table, f"{column} = ANY(%s::text[])"
    if connection.vendor == "sqlite":
        source, match = f"json_each(%s) AS wanted CROSS JOIN {table}", f"{column} = wanted.value"
    found = rows_of(
        f"SELECT {column}, number FROM {source} WHERE {match} AND {where}", words_parameter(wanted), *given
    )
    return [(word, number) for word, number in found]


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


def rows_of(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


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
ROOM = -200_000
"""SQLite's cache while very many rows are written, in KiB: what does not fit is written twice."""


def unseen_before_commit() -> bool:
    """Whether others can write while this transaction does, and see nothing of it: PostgreSQL."""
    return connection.vendor == "postgresql"


@contextmanager
def staged(together: Sequence[NewRows]) -> Iterator[None]:
    """Outside of a transaction: bring many rows into tables of SQLite's connection, which nobody waits for.

    From there they are copied within the database, in half the time that it takes to hand over each row.
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

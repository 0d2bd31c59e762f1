"""What is asked of the tables past the ORM, in the words of each database.

SQLite unpacks a set from one JSON parameter, PostgreSQL from one array. All run on Django's connection, in
its transaction. Statements that write are in `writing/tables/bulk.py`.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import connection


def rows_of(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


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

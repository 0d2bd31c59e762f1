"""Reading from PostgreSQL through psycopg."""

import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

from .sources import BATCH

_INTEGERS = frozenset({20, 21, 23})
"""PostgreSQL's types of whole numbers, eight, two and four bytes long; all else is taken as bytes."""
_EIGHT_BYTES = 20
_NAMES: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()
"""By connection: the statements that it has prepared, with their names there."""


def _asked(connection: "psycopg.Connection[Any]", statement: str, number: int) -> tuple[Any, ...] | None:
    server = connection.pgconn
    prepared = _NAMES.setdefault(connection, {})
    name = prepared.get(statement)
    if name is None:
        name = f"ringfence_{len(prepared)}".encode()
        _done(server.prepare(name, statement.replace("?", "$1").encode(), [_EIGHT_BYTES]))
        prepared[statement] = name
    found = server.exec_prepared(name, [number.to_bytes(8, "big", signed=True)], [1], 1)
    _done(found)
    if not found.ntuples:
        return None
    return tuple(_value(found, column) for column in range(found.nfields))


def _done(result: "psycopg.pq.abc.PGresult") -> None:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise psycopg.errors.error_from_result(result, encoding="utf-8")


def _value(result: "psycopg.pq.abc.PGresult", column: int) -> Any:
    value = result.get_value(0, column)
    if value is not None and result.ftype(column) in _INTEGERS:
        return int.from_bytes(value, "big", signed=True)
    return value


class PostgresSource:
    """`sources.Source` over PostgreSQL. Numbers are packed as four bytes each, highest byte first."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return self._connection.info.transaction_status != TransactionStatus.IDLE

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self.in_transaction:
            yield
            return
        with self._connection.transaction():
            self.rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Until the end of this transaction: room to pack millions of grants without spilling to disk,
            # and no compiling of statements that are asked once.
            self.rows("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")
            yield

    def prove_in_place(self) -> None:
        """A server has its files for itself."""

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        # A cursor of our own, since the connection's owner may have set one that prepares nothing.
        with psycopg.Cursor(self._connection) as cursor:
            query = statement.replace("?", "%s").encode()
            cursor.execute(query, parameters, prepare=bool(parameters), binary=True)
            return cursor.fetchall() if cursor.description else []

    def row_of(self, statement: str, number: int) -> tuple[Any, ...] | None:
        """By libpq itself: a cursor of psycopg costs more than the server's answer."""
        return _asked(self._connection, statement, number)

    def stream(self, statement: str, *parameters: object) -> Iterator[list[tuple[Any, ...]]]:
        with psycopg.ServerCursor(self._connection, "ringfence_stream") as cursor:
            cursor.execute(statement.replace("?", "%s").encode(), parameters, binary=True)
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def packed(self, column: str, condition: str = "") -> str:
        aggregate = f"string_agg(int4send({column}), ''::bytea)"
        return aggregate + (f" FILTER (WHERE {condition})" if condition else "")

    def unpacked(self, value: Any) -> "array[int]":
        numbers = array("I", value or b"")
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

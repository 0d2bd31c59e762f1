"""Reading from PostgreSQL through psycopg."""

import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from .sources import BATCH


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

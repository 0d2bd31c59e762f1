"""Reading from SQLite through the standard library's driver."""

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from .connecting import MOVED, FileConnection
from .sources import StateUnavailable

_DECODER = msgspec.json.Decoder(list[int])


class SqliteSource:
    """`sources.Source` over SQLite. Numbers are packed as text with commas, which reads as JSON."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._file = connection if isinstance(connection, FileConnection) else None

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def prove_in_place(self) -> None:
        if self._file is not None and not self._file.is_in_place():
            raise StateUnavailable(f"{self._file.path} {MOVED}")

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, parameters).fetchall()

    def row_of(self, statement: str, number: int) -> tuple[Any, ...] | None:
        if self._file is not None and not self._file.is_in_place():
            raise StateUnavailable(f"{self._file.path} {MOVED}")
        found: tuple[Any, ...] | None = self._execute(statement, (number,)).fetchone()
        return found

    def stream(self, statement: str, *parameters: object, at_a_time: int) -> Iterator[list[tuple[Any, ...]]]:
        cursor = self._connection.execute(statement, parameters)
        while batch := cursor.fetchmany(at_a_time):
            yield batch

    def packed(self, column: str, condition: str = "") -> str:
        return f"group_concat({column})" + (f" FILTER (WHERE {condition})" if condition else "")

    def unpacked(self, value: Any) -> "array[int]":
        if value is None:
            return array("I")
        # A single number comes as text too: group_concat never gives an integer.
        return array("I", _DECODER.decode(f"[{value}]"))

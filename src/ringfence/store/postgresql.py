"""Reading from PostgreSQL through psycopg."""

import select
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

_INTEGERS = frozenset({20, 21, 23})
"""PostgreSQL's types of whole numbers, eight, two and four bytes long; all else is taken as bytes."""
_EIGHT_BYTES = 20


class _Prepared(NamedTuple):
    """A statement that a connection has prepared."""

    name: bytes
    columns: "tuple[tuple[int, Callable[[bytes | None], Any]], ...]"
    """Each by its place, and how its value is read."""


_PREPARED: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, _Prepared]]" = WeakKeyDictionary()
"""By connection: the statements that it has prepared."""


def _prepare(server: "psycopg.pq.abc.PGconn", statement: str, number: int) -> _Prepared:
    name = f"ringfence_{number}".encode()
    _done(server.prepare(name, statement.replace("?", "$1").encode(), [_EIGHT_BYTES]))
    told = _done(server.describe_prepared(name))
    kinds = [told.ftype(place) for place in range(told.nfields)]
    columns = ((place, _whole if kind in _INTEGERS else _bytes) for place, kind in enumerate(kinds))
    return _Prepared(name, tuple(columns))


def _done(result: "psycopg.pq.abc.PGresult") -> "psycopg.pq.abc.PGresult":
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
    return result


def _row(found: "psycopg.pq.abc.PGresult", known: _Prepared) -> tuple[Any, ...] | None:
    if found.status != ExecStatus.TUPLES_OK:
        _done(found)
    if not found.ntuples:
        return None
    return tuple([read(found.get_value(0, place)) for place, read in known.columns])


def _wait_for(server: "psycopg.pq.abc.PGconn", until: float) -> None:
    left = until - time.monotonic()
    # Not `select`, which knows no descriptors beyond a thousand.
    heard = select.poll()
    heard.register(server.socket, select.POLLIN)
    if left <= 0 or not heard.poll(left * 1000):
        raise TimeoutError("no answer in time")
    server.flush()
    server.consume_input()


def _whole(value: bytes | None) -> int | None:
    return None if value is None else int.from_bytes(value, "big", signed=True)


def _bytes(value: bytes | None) -> bytes | None:
    return value


class PostgresSource:
    """`sources.Source` over PostgreSQL. Numbers are packed as four bytes each, highest byte first."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._prepared: dict[str, _Prepared] | None = None

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
        known = self._prepared_of(statement)
        server = self._connection.pgconn
        found = server.exec_prepared(known.name, [number.to_bytes(8, "big", signed=True)], [1], 1)
        return _row(found, known)

    def send_row(self, statement: str, number: int) -> None:
        """Ask the same and go on; the next thing that the connection is used for is `told_row`."""
        known = self._prepared_of(statement)
        server = self._connection.pgconn
        server.send_query_prepared(known.name, [number.to_bytes(8, "big", signed=True)], [1], 1)
        # So short a message goes out at once; what does not goes out while the answer is waited for.
        server.flush()

    def told_row(self, statement: str, until: float) -> tuple[Any, ...] | None:
        """The answer, waited for until then by the monotonic clock; raises `TimeoutError`."""
        server = self._connection.pgconn
        known = self._prepared_of(statement)
        found = None
        while True:
            while server.is_busy():
                _wait_for(server, until)
            result = server.get_result()
            if result is None:
                break
            found = result
        if found is None:
            raise psycopg.OperationalError("the connection is lost")
        return _row(found, known)

    def _prepared_of(self, statement: str) -> _Prepared:
        prepared = self._prepared
        if prepared is None:
            prepared = self._prepared = _PREPARED.setdefault(self._connection, {})
        known = prepared.get(statement)
        if known is None:
            known = prepared[statement] = _prepare(self._connection.pgconn, statement, len(prepared))
        return known

    def stream(self, statement: str, *parameters: object, at_a_time: int) -> Iterator[list[tuple[Any, ...]]]:
        with psycopg.ServerCursor(self._connection, "ringfence_stream") as cursor:
            cursor.execute(statement.replace("?", "%s").encode(), parameters, binary=True)
            while batch := cursor.fetchmany(at_a_time):
                yield batch

    def packed(self, column: str, condition: str = "") -> str:
        aggregate = f"string_agg(int4send({column}), ''::bytea)"
        return aggregate + (f" FILTER (WHERE {condition})" if condition else "")

    def unpacked(self, value: Any) -> "array[int]":
        numbers = array("I", value or b"")
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

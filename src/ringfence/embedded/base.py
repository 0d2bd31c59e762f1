"""The database backend that the settings name. `store.connecting` knows which file is open, and where it is.

Where one connection could not write, all of the process are given up at their next request. SQLite opens a
file that it may not write for reading alone, and stays so when the disk or the permissions are mended.
"""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseErrorWrapper, Error, OperationalError
from django.utils.functional import cached_property

from ringfence.store.connecting import MOVED, FileConnection

ASKED_AGAIN = 0.002
"""Seconds between two questions of a process whether a transaction may be begun."""
_TURNS: defaultdict[str, Lock] = defaultdict(Lock)
"""By file: the thread of this process that asks has it. Many that ask take the processor from the writer."""


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite in a file that is there already."""

    refusals = 0
    """How often a connection of this process was refused to write. While one of those is open, SQLite opens
    the next for reading alone, also when the file may be written again: all are let go of."""
    opened_at = 0
    """What `refusals` was when this connection was made."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> FileConnection:
        """A connection to the file; raises `OperationalError` where there is none."""
        self.opened_at = DatabaseWrapper.refusals
        connection = super().get_new_connection({**conn_params, "factory": FileConnection})
        assert isinstance(connection, FileConnection)
        if not connection.whole:
            connection.close()
            raise sqlite3.OperationalError(f"{connection.path} {MOVED}")
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        """Begin. While another is writing, one thread of the process asks again every few milliseconds.

        SQLite by itself waits a tenth of a second between two questions, once it has waited for a quarter.
        """
        patience = self.settings_dict["OPTIONS"]["timeout"]
        until = time.monotonic() + patience
        self._wait_for_writers(0)
        try:
            if not self._begun(last=False):
                self._ask_in_turn(until)
        finally:
            self._wait_for_writers(int(patience * 1000))

    def _ask_in_turn(self, until: float) -> None:
        turn = _TURNS[str(self.settings_dict["NAME"])]
        mine = turn.acquire(timeout=max(until - time.monotonic(), 0))
        try:
            while not self._begun(last=time.monotonic() >= until):
                time.sleep(ASKED_AGAIN)
        finally:
            if mine:
                turn.release()

    def _wait_for_writers(self, milliseconds: int) -> None:
        with self.wrap_database_errors:
            self.connection.execute(f"PRAGMA busy_timeout={milliseconds}")

    def _begun(self, *, last: bool) -> bool:
        """Whether a transaction could be begun; False, the `last` time an error, where another is writing."""
        failed = self.errors_occurred
        try:
            self.cursor().execute(f"BEGIN {self.settings_dict['OPTIONS']['transaction_mode']}")
        except OperationalError as error:
            code = getattr(error.__cause__, "sqlite_errorcode", 0)
            if last or code & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            # Nothing is wrong with the connection.
            self.errors_occurred = failed
            return False
        return True

    def rollback(self) -> None:
        """Undo. Unlike a commit it writes nothing, so that it goes well is no sign that writing does."""
        failed = self.errors_occurred
        super().rollback()
        self.errors_occurred = failed

    def commit(self) -> None:
        """Make it last; raises `OperationalError` where it went into a file that nobody will open again."""
        super().commit()
        with self.wrap_database_errors:
            if not self._whole:
                raise sqlite3.OperationalError(f"{self.settings_dict['NAME']} {MOVED}")

    def close_if_unusable_or_obsolete(self) -> None:
        """Django asks at the start and at the end of each request, outside of transactions."""
        if self.connection is None or self.in_atomic_block:
            return
        if self.opened_at != DatabaseWrapper.refusals or not self._whole:
            self.close()
        elif self.errors_occurred:
            self._renew()
        else:
            super().close_if_unusable_or_obsolete()

    def _renew(self) -> None:
        # The old one is kept open until then: with the last one the write-ahead log goes, and on a full disk
        # there may be no room for a new one.
        old, self.connection = self.connection, None
        try:
            self.connect()
        except (sqlite3.Error, Error):
            self.connection = old
            self.errors_occurred = True
        else:
            old.close()

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        """Django's, that also counts that the file cannot be written."""
        return _Errors(self)

    @property
    def _whole(self) -> bool:
        return isinstance(self.connection, FileConnection) and self.connection.whole


class _Errors(DatabaseErrorWrapper):
    wrapper: DatabaseWrapper

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        code = getattr(error, "sqlite_errorcode", 0)
        # Its first byte is the kind, the others say more.
        if code & 0xFF == sqlite3.SQLITE_READONLY:
            DatabaseWrapper.refusals += 1
        super().__exit__(kind, error, traceback)

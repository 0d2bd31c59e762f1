"""The embedded database's file: a connection knows which one it opened, and whether it is still in its place.

A file that was moved, or restored over by another, stays open in every process that had opened it: what such
a process reads is old, and what it writes is lost. So whoever reads the version or writes asks here.
"""

import os
import sqlite3
from typing import Any, NamedTuple

MOVED = "was moved, or another was put in its place, while it was open"
ORDER = "Stop Ringfence, move the file with its -wal and -shm, put the other in its place, and start again."


class Identity(NamedTuple):
    """What tells a file from another that has the same path."""

    device: int
    inode: int


class FileConnection(sqlite3.Connection):
    """A connection to a file that is there: one that is not is never made here."""

    def __init__(self, database: str, *arguments: Any, **named: Any) -> None:
        """Raises `sqlite3.OperationalError` where the file is not there, or changes places meanwhile."""
        self.path = database
        self._log = f"{database}-wal"
        self._file = _identity(database)
        self._log_file: Identity | None = None
        if self._file is None:
            raise sqlite3.OperationalError(
                f"unable to open database file: {database} is not there: `ringfence migrate` makes it"
            )
        _refuse_the_log_of_another(database, self._file)
        super().__init__(database, *arguments, **named)
        # Who has only opened it holds nothing: whoever closed it last meanwhile would take the log away.
        self.execute("PRAGMA schema_version").fetchone()
        if _identity(database) != self._file:
            self.close()
            raise sqlite3.OperationalError(f"{database} was moved while it was being opened")

    def is_in_place(self) -> bool:
        """Whether the path still leads to the very file that is open here. One question to the system."""
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return False
        return (found.st_dev, found.st_ino) == self._file

    @property
    def whole(self) -> bool:
        """The same, and the write-ahead log beside it is its own: else nobody sees what is written here."""
        log = _identity(self._log)
        if self._log_file is None and log is not None and self._file is not None:
            # A new database has none before it is first written.
            self._log_file = log
            _LOGS[self.path] = (self._file, log)
        return self.is_in_place() and log == self._log_file


_LOGS: dict[str, tuple[Identity, Identity]] = {}
"""By path: the file last opened there by this process, and its write-ahead log."""


def _refuse_the_log_of_another(path: str, file: Identity) -> None:
    # SQLite would take pages of the old file's log for the new file's own.
    known = _LOGS.get(path)
    if known is not None and known[0] != file and known[1] == _identity(f"{path}-wal"):
        raise sqlite3.OperationalError(f"the -wal beside {path} is that of the file before it. {ORDER}")


def _identity(path: str) -> Identity | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return Identity(found.st_dev, found.st_ino)

"""The database backend that the settings name. `store.connecting` knows which file is open, and where it is.

A connection that could not write is given up at the end of its request: SQLite opens a file that it may not
write for reading alone, and the connection stays so when the disk or the permissions are mended.
"""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

from ringfence.store.connecting import MOVED, FileConnection


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite in a file that is there already."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> FileConnection:
        """A connection to the file; raises `OperationalError` where there is none."""
        connection = super().get_new_connection({**conn_params, "factory": FileConnection})
        assert isinstance(connection, FileConnection)
        if not connection.whole:
            connection.close()
            raise sqlite3.OperationalError(f"{connection.path} {MOVED}")
        return connection

    def is_usable(self) -> bool:
        """Django asks after an error: then the connection is made anew."""
        return False

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
        """Django asks at the start and at the end of each request."""
        if self.connection is not None and not self.in_atomic_block and not self._whole:
            self.close()
            return
        super().close_if_unusable_or_obsolete()

    @property
    def _whole(self) -> bool:
        return isinstance(self.connection, FileConnection) and self.connection.whole

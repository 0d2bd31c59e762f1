"""How long a firm is locked by others: a writer of its own that asks again and again, and changes nothing."""

import sqlite3
import threading
import time
from types import TracebackType

from .bigfirm import open_plain

PAUSE = 0.01
"""Seconds between two questions: shorter locks are not all seen, and no other writer is starved."""
AGAIN = 0.001
"""Seconds until SQLite is asked again: by itself it waits a tenth of one at last, and others go before."""


class Waiter:
    """Within it, the firm's lock is asked for; the longest wait is how long somebody held it."""

    def __init__(self, url: str, firm: int) -> None:
        self.longest = 0.0
        """Seconds."""
        self._url, self._firm = url, firm
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Waiter":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        connection = open_plain(self._url)
        while not self._over.wait(PAUSE):
            start = time.perf_counter()
            if isinstance(connection, sqlite3.Connection):
                _begin(connection)
            else:
                connection.execute("BEGIN")
                connection.execute("SELECT 1 FROM firms_firm WHERE id = %s FOR UPDATE", [self._firm])
            self.longest = max(self.longest, time.perf_counter() - start)
            connection.execute("ROLLBACK")
        connection.close()


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA busy_timeout=0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(AGAIN)
        else:
            return

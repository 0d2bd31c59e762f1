"""The source over an open connection, by the driver that opened it."""

import sqlite3

from .sources import Connection, Source
from .sqlite import SqliteSource


def source_for(connection: Connection) -> Source:
    """The source over an open connection of either driver."""
    if isinstance(connection, sqlite3.Connection):
        return SqliteSource(connection)
    # Its driver takes long to load, and is there already where the connection is one of its.
    from .postgresql import PostgresSource

    return PostgresSource(connection)

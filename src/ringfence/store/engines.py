"""The source over an open connection, by the driver that opened it."""

import sqlite3

from .postgresql import PostgresSource
from .sources import Connection, Source
from .sqlite import SqliteSource


def source_for(connection: Connection) -> Source:
    """The source over an open connection of either driver."""
    return (
        SqliteSource(connection) if isinstance(connection, sqlite3.Connection) else PostgresSource(connection)
    )

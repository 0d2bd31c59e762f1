"""A connection of the plain driver to the database that the environment names, for processes without Django.

`ringfence.settings` reads the same variables for Django, and is where an address that cannot be read is told.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .connecting import MOVED, FileConnection
from .databases import own_address
from .places import primary_of
from .sources import Connection, StateUnavailable, driver_errors

WAITING_SECONDS = 10
"""How long a server may take to answer, and another writer to be done."""
SERVER_OPTIONS = "-c synchronous_commit=remote_apply -c lock_timeout=10s"
"""What is acknowledged is on disk, and can be read on each synchronous standby, where there are such."""


def database_url() -> str:
    """Where the database is: ``sqlite:///path`` or ``postgresql://…``."""
    return own_address()


def opened(url: str = "", *, writing: bool = False) -> Connection:
    """A new connection in autocommit; one that only reads is refused to write.

    Raises `StateUnavailable` where the database does not answer or is not there.
    """
    url = url or database_url()
    try:
        if url.startswith("sqlite:"):
            return _opened_file(str(Path(unquote(urlsplit(url).path)[1:]).resolve()), writing)
        return _opened_server(url, writing)
    except driver_errors() as error:
        raise StateUnavailable(f"the database cannot be opened: {error}") from error


def _opened_file(path: str, writing: bool) -> Connection:
    connection = sqlite3.connect(
        path, timeout=WAITING_SECONDS, isolation_level=None, factory=FileConnection, check_same_thread=False
    )
    connection.execute("PRAGMA cache_size=-20000")
    if not writing:
        connection.execute("PRAGMA query_only=ON")
    if not connection.whole:
        connection.close()
        raise StateUnavailable(f"{path} {MOVED}")
    return connection


def _opened_server(url: str, writing: bool) -> Connection:
    # Its driver takes long to load.
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
        primary_of(parts)
        options = f"{SERVER_OPTIONS} {parts.pop('options', None) or ''}"
        if not writing:
            options += " -c default_transaction_read_only=on"
        parts.setdefault("connect_timeout", WAITING_SECONDS)
        parts.setdefault("application_name", "ringfence")
        return psycopg.connect("", autocommit=True, options=options, **parts)
    except psycopg.Error as error:
        raise StateUnavailable(f"the database cannot be opened: {error}") from error

"""A database that can be read and not written, for a while: a full disk, a standby, permissions gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {
    "sqlite": ("PRAGMA query_only = ON",),
    "postgresql": ("SAVEPOINT unwritable", "SET TRANSACTION READ ONLY"),
}
END = {"sqlite": "PRAGMA query_only = OFF", "postgresql": "ROLLBACK TO SAVEPOINT unwritable"}


@contextmanager
def unwritable_database() -> Iterator[None]:
    """Django's connection refuses every write meanwhile. For tests inside a transaction (`db`)."""
    with connection.cursor() as cursor:
        for statement in BEGIN[connection.vendor]:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(END[connection.vendor])

"""Django's connection as the store wants it, and readings that block nobody.

Errors of a database that does not answer become `StateUnavailable` here, so that no caller can take them for
an answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection

from ringfence.store.migrated import tables_fit
from ringfence.store.moved import CLOSED, FirmClosed
from ringfence.store.sources import Connection, StateUnavailable, driver_errors


def plain() -> Connection:
    """The driver's own connection under Django's, opened where it is not yet."""
    connection.ensure_connection()
    found: Connection = connection.connection
    return found


@contextmanager
def answering() -> Iterator[None]:
    """Turn a failure of the database into `StateUnavailable`, and let go of the connection it came over.

    What the database refuses (a broken constraint, a statement it does not understand) stays what it is. A
    change of a firm that is on its way to another database is `FirmClosed`.
    """
    try:
        yield
    except StateUnavailable:
        _let_go()
        raise
    except _failures() as error:
        if closes(error):
            raise FirmClosed("the firm is on its way to another database") from error
        if not does_not_answer(error):
            raise
        _let_go()
        raise StateUnavailable(f"the database does not answer: {error}") from error


def has_answered() -> None:
    """The connection has just answered: Django need not ask whether it does, once in each request."""
    # Its stubs do not know it.
    connection.health_check_done = True  # type: ignore[attr-defined]


def need_whole() -> None:
    """Before a transaction is committed in which failures were passed over: whether it still can be.

    One that can only be rolled back would be so at its commit without a word. Raises `StateUnavailable`.
    """
    driver = connection.connection
    if driver is None or connection.needs_rollback:
        whole = False
    elif connection.vendor == "sqlite":
        # On a full disk SQLite rolls back by itself.
        whole = driver.in_transaction
    else:
        whole = driver.info.transaction_status.name == "INTRANS"
    if not whole:
        raise StateUnavailable("the transaction was lost on the way")


def tables_are_ours() -> bool:
    """Whether the tables are those of this release. Raises `StateUnavailable`."""
    with answering():
        return tables_fit(plain())


def does_not_answer(error: BaseException | None) -> bool:
    """Whether the error says that the database is away, full, read-only or damaged.

    It may come from Django, or from the driver under it (`plain`).
    """
    if closes(error):
        return True
    away = isinstance(error, _failures())
    refused = any(kind.__name__ in _REFUSALS for kind in type(error).__mro__)
    return (away and not refused) or isinstance(error, StateUnavailable)


def closes(error: BaseException | None) -> bool:
    """Whether the error says that the firm is on its way to another database (`closing`)."""
    return isinstance(error, FirmClosed) or (isinstance(error, _failures()) and CLOSED in str(error))


def _failures() -> tuple[type[Exception], ...]:
    return (DatabaseError, InterfaceError, *driver_errors())


_REFUSALS = frozenset({"DataError", "IntegrityError", "NotSupportedError", "ProgrammingError"})
"""Django's, and each driver's own."""


def _let_go() -> None:
    # Whoever asks next has a connection that works, so that a database that is back is found again.
    if not connection.in_atomic_block:
        connection.errors_occurred = True
        connection.close_if_unusable_or_obsolete()


@contextmanager
def reading() -> Iterator[None]:
    """One consistent view for everything read inside, without keeping writers waiting.

    Django's own transactions would take SQLite's write lock at once, and on PostgreSQL see what others commit
    meanwhile. Inside a transaction that is open already, it is that one's view.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


PASSING = -2_000
"""SQLite's cache in KiB (below 0) while each page is asked for once."""


@contextmanager
def going_through() -> Iterator[None]:
    """As `reading`, for who goes through a whole firm once: pages that were read are let go of."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with reading():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size={PASSING}")
    try:
        with reading():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={before}")

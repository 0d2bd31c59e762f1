"""Databases for the store: with all tables, and connections of the plain drivers to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from ringfence.store.sources import Connection
from tests.store.tables import connect

Connect = Callable[[], Connection]


@pytest.fixture
def another(migrated_database: str) -> Iterator[Connect]:
    """Opens one more connection to this test's database."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(connect(migrated_database)))


@pytest.fixture
def connection(another: Connect) -> Connection:
    """A connection to this test's database, in autocommit."""
    return another()

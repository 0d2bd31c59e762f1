"""The decision service over the database of the test, and a firm whose software asks it.

What needs Django is imported where it is used: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.store.sources import Connection

Connect = Callable[[], Connection]

if TYPE_CHECKING:
    from ringfence.decide.app import DecisionService
    from tests.decide.asking import Caller
    from tests.decide.asking_for_access import Software
    from tests.decide.firm_asked import Firm


@pytest.fixture
def service(db: None, monkeypatch: pytest.MonkeyPatch) -> DecisionService:
    """In the transaction of the test, over its connection."""
    from ringfence.access.connection import plain
    from ringfence.decide import searching
    from ringfence.decide.app import DecisionService
    from ringfence.store.name_index import NameIndex

    monkeypatch.setattr(searching, "NAMES", NameIndex())
    return DecisionService(connect=plain)


@pytest.fixture
def firm(db: None) -> Firm:
    from tests.decide.firm_asked import made
    from tests.support.once import made_once

    return made_once("decide: Ward & Sons", made)


@pytest.fixture
def software(service: DecisionService, firm: Firm) -> Caller:
    """Software of the firm that may ask about everybody."""
    from tests.decide.asking import caller

    return caller(service, firm.cast)


@pytest.fixture
def another(migrated_database: str) -> Iterator[Connect]:
    """Opens one more connection to a database of this test's own."""
    from tests.store.tables import connect

    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(connect(migrated_database)))


@pytest.fixture
def connection(another: Connect) -> Connection:
    """A connection to it, in autocommit."""
    return another()


@pytest.fixture
def asks(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """The firm once its members may ask for access to clients, of which they know the names."""
    from tests.decide.asking_for_access import let_them_ask

    let_them_ask(firm, monkeypatch)
    return firm


@pytest.fixture
def dees(service: DecisionService, asks: Firm) -> Software:
    """Software with a token of Dee's, who can open nothing."""
    from tests.decide.asking_for_access import software_of

    return software_of(service, asks, "dee")


@pytest.fixture
def task(dees: Software) -> Any:
    """The task of Dee's request to view Acme."""
    _refused, wanted = dees.request()
    found = dees.submit(wanted)
    assert found.status == 202, found.json
    return found.json["task"]

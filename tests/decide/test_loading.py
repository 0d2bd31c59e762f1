"""Large firms are in memory before a process says that it is ready, also where its database comes later."""

import time

import pytest
from django.db import connection

from ringfence.access.connection import plain
from ringfence.decide import loading
from ringfence.decide.app import DecisionService
from ringfence.decide.kept import KeptFirm
from ringfence.store.proving import Prover
from ringfence.store.sources import Connection, StateUnavailable
from tests.decide.asking import Reply, ask
from tests.decide.firm_asked import Firm


class Database:
    """That of the test, which does not answer while it is away."""

    def __init__(self) -> None:
        self.away = False

    def __call__(self) -> Connection:
        if self.away:
            raise StateUnavailable("it does not answer")
        return plain()


@pytest.fixture
def database(db: None, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(loading, "LARGE", 1)
    # Connections here are the test's own.
    monkeypatch.setattr("ringfence.store.proving.OneDatabase.close", lambda _asked: None)
    return Database()


def loaded(service: DecisionService, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The firms that it has loaded, growing."""
    found: list[int] = []
    current = service.firms.current

    def noted(asked: Prover, firm: int) -> KeptFirm:
        kept = current(asked, firm)
        found.append(firm)
        return kept

    monkeypatch.setattr(service.firms, "current", noted)
    return found


def readiness(service: DecisionService) -> Reply:
    return ask(service, "GET", "/readyz", b"", {})


def test_a_large_firm_is_in_memory_before_it_is_ready(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = DecisionService(connect=database)
    found = loaded(service, monkeypatch)
    loading.load(service)
    assert found == [firm.cast.firm]
    assert readiness(service).body == b"ready\n"


def test_it_is_not_ready_while_its_large_firms_could_not_be_loaded(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.Thread.start", lambda _thread: None)
    service = DecisionService(connect=database)
    database.away = True
    loading.load(service)
    database.away = False
    found = readiness(service)
    assert (found.status, found.body) == (503, b"loading\n")


def test_they_are_loaded_once_the_database_answers(
    database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.Thread.start", lambda thread: thread.run())
    monkeypatch.setattr(time, "sleep", lambda _seconds: setattr(database, "away", False))
    service = DecisionService(connect=database)
    found = loaded(service, monkeypatch)
    database.away = True
    loading.load(service)
    assert found == [firm.cast.firm]
    assert readiness(service).body == b"ready\n"


def test_a_firm_whose_ledger_is_broken_keeps_no_other_from_being_ready(
    database: Database, firm: Firm
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE firms_firm SET version = version + 5 WHERE id = %s", [firm.cast.firm])
    service = DecisionService(connect=database)
    loading.load(service)
    assert readiness(service).body == b"ready\n"

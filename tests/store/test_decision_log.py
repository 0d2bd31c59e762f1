"""The log of decisions as a process writes it: everything kept or counted, and nobody kept waiting."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ringfence.core.scenario.bridge import state_of
from ringfence.store.decision_log import LOST, DecisionLog, Logged, packed, unpacked
from ringfence.store.sources import Connection
from tests.core.firms import small_firm
from tests.store.conftest import Connect
from tests.store.tables import Tables, execute

pytestmark = pytest.mark.both_databases

FIRM = 1
ENTRY = Logged(1_000_000, "evaluation", 3, 2, 1, 0, "view", 1, "direct", 7)  # type: ignore[arg-type]
LATER = ENTRY._replace(at=2_000_000, answer=0, reason="wall")  # type: ignore[arg-type]


@pytest.fixture
def tables(connection: Connection) -> Tables:
    """The firm, which has its log on."""
    found = Tables(connection, state_of(small_firm()))
    execute(connection, "UPDATE firms_firm SET logs_decisions = true")
    return found


@pytest.fixture
def log(tables: Tables, another: Connect) -> Iterator[DecisionLog]:
    found = DecisionLog(another)
    found.start()
    yield found
    found.stop()


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def blocks(connection: Connection) -> list[tuple[int, int, int, int, list[Logged]]]:
    rows = connection.execute(
        "SELECT firm_id, began, ended, lost, body FROM firms_decisionblock ORDER BY ended"
    ).fetchall()
    return [(firm, began, ended, lost, unpacked(bytes(body))) for firm, began, ended, lost, body in rows]


def test_entries_come_back_from_a_block_as_they_went_in() -> None:
    assert unpacked(packed([ENTRY, LATER])) == [ENTRY, LATER]


def test_a_firm_that_has_the_log_on_is_known_and_another_is_not(
    log: DecisionLog, connection: Connection
) -> None:
    until(lambda: log.firms == {FIRM})
    execute(connection, "UPDATE firms_firm SET logs_decisions = false")
    until(lambda: log.firms == frozenset())


def test_what_was_answered_is_written_soon_in_one_block(log: DecisionLog, connection: Connection) -> None:
    log.note(FIRM, ENTRY)
    log.note(FIRM, LATER)
    until(lambda: blocks(connection))
    assert blocks(connection) == [(FIRM, ENTRY.at, LATER.at, 0, [ENTRY, LATER])]


def test_what_waits_at_the_end_is_written(tables: Tables, another: Connect, connection: Connection) -> None:
    log = DecisionLog(another)
    log.start()
    log.note(FIRM, ENTRY)
    log.stop()
    assert [entries for *_, entries in blocks(connection)] == [[ENTRY]]


def test_what_does_not_fit_is_counted_in_the_metrics_and_in_the_next_block(
    tables: Tables, another: Connect, connection: Connection
) -> None:
    log = DecisionLog(another, most=2)
    before = LOST.of("queue").number
    for _each in range(5):
        log.note(FIRM, ENTRY)
    assert LOST.of("queue").number == before + 3
    log.start()
    log.stop()
    assert [(lost, len(entries)) for *_, lost, entries in blocks(connection)] == [(3, 2)]


def test_what_could_not_be_written_waits_until_it_can_and_is_told_of(
    tables: Tables, another: Connect, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    away = threading.Event()

    def connect() -> Connection:
        if not away.is_set():
            raise OSError("away")
        return another()

    log = DecisionLog(connect)
    log.start()
    log.note(FIRM, ENTRY)
    with caplog.at_level(logging.WARNING):
        until(lambda: "the database does not answer: OSError; 1 wait" in caplog.text)
    away.set()
    until(lambda: blocks(connection))
    log.stop()
    assert [entries for *_, entries in blocks(connection)] == [[ENTRY]]


def test_what_can_never_be_written_is_told_and_holds_nothing_up(
    log: DecisionLog, connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    before = LOST.of("fault").number
    with caplog.at_level(logging.ERROR):
        log.note(FIRM, (2**70, *ENTRY[1:]))
        until(lambda: "cannot take 1 entries" in caplog.text)
    log.note(FIRM, ENTRY)
    until(lambda: blocks(connection))
    assert LOST.of("fault").number == before + 1

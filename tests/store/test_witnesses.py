"""An answer from a standby is not older than its question, whichever hosts are away, behind, or of old.

Real servers that stream; the one table that is asked, and the ledger, hold what the proof reads of them.
"""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from ringfence.core.terms import Instant
from ringfence.store.places import standby_plan
from ringfence.store.proving import NotProved
from ringfence.store.sources import FirmUnknown, Mark, Source
from ringfence.store.witnesses import Witnesses
from tests.support.postgres import PostgresServer
from tests.support.standbys import Cluster, Standby, row, set_up

TABLES = (
    "CREATE TABLE firms_firm (id bigint PRIMARY KEY, version bigint, head bytea, changed_at bigint)",
    "CREATE TABLE firms_ledgerentry (firm_id bigint, number bigint, hash bytea)",
    "INSERT INTO firms_firm VALUES (1, 0, '', 0)",
)
FIRM = 1


class Ledger:
    """The cluster, and a firm whose ledger grows."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        for statement in TABLES:
            row(self.cluster.primary, statement)
        self._held = ExitStack()
        self.primary = self.cluster.primary
        self.near, self.far = self.cluster.standbys
        self.add()
        self.cluster.caught_up()

    def close(self) -> None:
        self._held.close()
        self.cluster.__exit__()

    def add(self, server: PostgresServer | None = None, word: str = "") -> Mark:
        """The next entry, committed at that server alone or where it is synchronous."""
        at = server or self.primary
        with psycopg.connect(at.url()) as connection:
            found = connection.execute("SELECT version FROM firms_firm").fetchone()
            assert found is not None
            version = found[0] + 1
            head = hashlib.sha256(f"{version}{word}".encode()).digest()
            connection.execute("INSERT INTO firms_ledgerentry VALUES (1, %s, %s)", [version, head])
            connection.execute("UPDATE firms_firm SET version = %s, head = %s", [version, head])
        return Mark(version, head, Instant(0))

    def witnesses(
        self, near: PostgresServer | None = None, *, synchronous: int = 2, alone: int = 0
    ) -> Witnesses:
        """Those of a decide process beside this standby."""
        port = (near or self.near).port
        own = f"{self.cluster.url().partition('@')[0]}@127.0.0.1:{port}/postgres"
        environ = {"RINGFENCE_STANDBY": own, "RINGFENCE_STANDBY_ALONE_SECONDS": str(alone)}
        if synchronous:
            environ["RINGFENCE_SYNCHRONOUS"] = str(synchronous)
        plan = standby_plan(environ, self.cluster.url())
        assert plan is not None
        found = Witnesses(plan)
        self._held.callback(found.close)
        return found


@pytest.fixture(scope="module")
def lasting() -> Iterator[Ledger]:
    """For tests that leave it as it was."""
    made = Ledger()
    yield made
    made.close()


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """For a test that breaks it."""
    made = Ledger()
    yield made
    made.close()


def port_of(source: Source) -> int:
    """Of the server that is read from."""
    return int(source.rows("SELECT inet_server_port()")[0][0])


@pytest.mark.parametrize("synchronous", [0, 2])
def test_a_change_that_the_standby_lacks_is_read_elsewhere_until_it_has_it(
    lasting: Ledger, synchronous: int
) -> None:
    witnesses = lasting.witnesses(synchronous=synchronous)
    row(lasting.near, "SELECT pg_wal_replay_pause()")
    try:
        mark = lasting.add()
        assert row(lasting.near, "SELECT version FROM firms_firm")[0] < mark.version
        until = time.monotonic() + 10
        while row(lasting.far, "SELECT version FROM firms_firm")[0] < mark.version:
            assert time.monotonic() < until
        assert witnesses.mark(FIRM) == mark
        assert port_of(witnesses.source) != lasting.near.port
    finally:
        row(lasting.near, "SELECT pg_wal_replay_resume()")
    lasting.cluster.caught_up()
    assert witnesses.mark(FIRM) == mark
    assert port_of(witnesses.source) == lasting.near.port


def test_a_firm_that_no_host_has_is_unknown(lasting: Ledger) -> None:
    with pytest.raises(FirmUnknown):
        lasting.witnesses().mark(7)


def test_two_names_of_one_server_count_once(lasting: Ledger) -> None:
    """Else a standby would prove its own answers."""
    place = f"{lasting.cluster.url().partition('@')[0]}@127.0.0.1:{lasting.near.port}"
    same = f"{place},localhost:{lasting.near.port}/postgres"
    plan = standby_plan({"RINGFENCE_STANDBY": f"{place}/postgres", "RINGFENCE_SYNCHRONOUS": "2"}, same)
    assert plan is not None
    witnesses = Witnesses(plan._replace(synchronous=1))
    try:
        with pytest.raises(NotProved):
            witnesses.mark(FIRM)
        assert not witnesses.able()
    finally:
        witnesses.close()


def test_what_one_of_them_knows_is_found(lasting: Ledger) -> None:
    def at_the_far_one(source: Source) -> str | None:
        return "here" if port_of(source) == lasting.far.port else None

    assert lasting.witnesses().found(at_the_far_one) == "here"
    assert lasting.witnesses().found(lambda _source: None) is None


def test_a_host_that_says_nothing_is_waited_for_a_moment_and_then_passed_over(lasting: Ledger) -> None:
    witnesses = lasting.witnesses()
    mark = witnesses.mark(FIRM)
    frozen = _processes(lasting.far)
    for each in frozen:
        os.kill(each, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert witnesses.mark(FIRM) == mark
        assert 0.9 < time.monotonic() - began < 10
        began = time.monotonic()
        assert witnesses.mark(FIRM) == mark
        assert time.monotonic() - began < 0.9
    finally:
        for each in frozen:
            os.kill(each, signal.SIGCONT)


def test_without_the_primary_two_standbys_prove_what_was_acknowledged(ledger: Ledger) -> None:
    """What one of them was the synchronous standby for, the other need not have."""
    set_up(ledger.primary, "synchronous_standby_names", "standby2")
    _until(ledger.primary, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
    witnesses, by_primary = ledger.witnesses(), ledger.witnesses(synchronous=0)
    ledger.near.follow(None)
    _until(ledger.near, "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_wal_receiver)")
    mark = ledger.add()
    ledger.primary.crash()
    assert witnesses.mark(FIRM) == mark
    with pytest.raises(NotProved):
        by_primary.mark(FIRM)
    # And with the other one away nobody can prove anything, whatever is read.
    last = witnesses.proved_before(FIRM)
    assert witnesses.able()
    ledger.far.crash()
    assert not witnesses.able()
    with pytest.raises(NotProved):
        witnesses.mark(FIRM)
    assert not witnesses.able()
    assert witnesses.mark_alone(FIRM).version == mark.version - 1
    assert last is not None
    assert last[1] == mark


def test_an_old_primary_that_comes_back_is_not_believed(ledger: Ledger) -> None:
    """It has a change of its own that was never acknowledged, under the number of one that was."""
    witnesses = ledger.witnesses(near=ledger.primary)
    assert witnesses.mark(FIRM).version == 1
    ledger.near.follow(None)
    ledger.far.follow(None)
    for each in (ledger.near, ledger.far):
        _until(each, "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_wal_receiver)")
    ledger.add(word="never acknowledged")
    row(ledger.near, "SELECT pg_promote()")
    ledger.far.follow(ledger.near)
    set_up(ledger.near, "synchronous_standby_names", "standby2")
    _until(ledger.near, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
    mark = ledger.add(ledger.near)
    assert witnesses.mark(FIRM) == mark
    assert port_of(witnesses.source) != ledger.primary.port
    # Where a standby asks the primary, it is the one that was promoted last.
    assert ledger.witnesses(near=ledger.far, synchronous=0).mark(FIRM) == mark


def test_a_standby_that_has_not_replayed_all_that_it_has_is_not_asked(ledger: Ledger) -> None:
    """After a crash it lets readers in at the last moment that is consistent."""
    row(ledger.near, "SELECT pg_wal_replay_pause()")
    ledger.add()
    _until(ledger.near, "SELECT 1 WHERE pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()")
    # It pauses at once after the start, before what it has received already.
    set_up(ledger.near, "recovery_target_lsn", row(ledger.near, "SELECT pg_last_wal_replay_lsn()")[0])
    ledger.near.crash()
    ledger.near.start()
    witnesses = ledger.witnesses()
    assert witnesses.mark(FIRM).version == 2
    assert port_of(witnesses.source) != ledger.near.port
    ledger.primary.crash()
    with pytest.raises(NotProved):
        witnesses.mark(FIRM)


def _until(server: PostgresServer, statement: str) -> None:
    until = time.monotonic() + 30
    while not row(server, statement):
        assert time.monotonic() < until, statement
        time.sleep(0.02)


def _processes(server: Standby) -> list[int]:
    main = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    found = subprocess.run(
        ["ps", "--ppid", str(main), "-o", "pid="], capture_output=True, check=True, text=True
    )
    return [main, *map(int, found.stdout.split())]

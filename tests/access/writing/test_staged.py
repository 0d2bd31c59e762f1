"""What SQLite does with many new rows: brought near beforehand, and to the database's file afterwards."""

import resource
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from ringfence.access import OPERATOR, Batch, firm_state, rehearse, save
from ringfence.access.sql import rows_of
from ringfence.access.writing.tables import bulk
from ringfence.core.commands import definitions as w
from tests.access.cast import Cast


def test_a_lists_rows_come_from_the_log_into_the_file_once_nobody_waits_for_the_firm(
    shared: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bulk, "NEAR", 1)
    adding = w.ImportClients(rows=(w.ClientRow(name="Ace Ltd"), w.ClientRow(name="Bee Ltd")))
    rehearsal = rehearse(
        shared.firm, [Batch("client.import", (adding,))], actor=OPERATOR, version=shared.view.version
    )
    usual = rows_of("PRAGMA wal_autocheckpoint")
    under_lock: list[object] = []
    save(rehearsal, alongside=lambda _: under_lock.extend(rows_of("PRAGMA wal_autocheckpoint")))
    assert under_lock == [(0,)]
    assert rows_of("PRAGMA wal_autocheckpoint") == usual != [(0,)]
    alone = tmp_path / "alone.sqlite3"
    # Where this process opened and closed the file, SQLite's locks on it would be gone.
    subprocess.run(["cp", connection.settings_dict["NAME"], alone], check=True)
    with closing(sqlite3.connect(alone)) as file:
        assert file.execute(
            "SELECT count(*) FROM firms_client WHERE firm_id = ?", [shared.firm]
        ).fetchall() == [(2,)]


def test_a_list_is_saved_though_the_file_cannot_take_it_yet(
    shared: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "NEAR", 1)
    before = shared.view.version
    adding = w.ImportClients(rows=(w.ClientRow(name="Ace Ltd"), w.ClientRow(name="Bee Ltd")))
    rehearsal = rehearse(shared.firm, [Batch("client.import", (adding,))], actor=OPERATOR, version=before)
    rows_of("PRAGMA wal_checkpoint(TRUNCATE)")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(_version: int) -> None:
        # The log has room for what is committed; the database's file is longer than that already.
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, usual[1]))

    try:
        version = save(rehearsal, alongside=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert firm_state(shared.firm).version == version == before + 1

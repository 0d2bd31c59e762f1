"""What SQLite does with many new rows: brought near beforehand, and to the database's file afterwards."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from ringfence.access import OPERATOR, Batch, rehearse, save
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
    usual = bulk.rows_of("PRAGMA wal_autocheckpoint")
    under_lock: list[object] = []
    save(rehearsal, alongside=lambda _: under_lock.extend(bulk.rows_of("PRAGMA wal_autocheckpoint")))
    assert under_lock == [(0,)]
    assert bulk.rows_of("PRAGMA wal_autocheckpoint") == usual != [(0,)]
    alone = shutil.copy(connection.settings_dict["NAME"], tmp_path / "alone.sqlite3")
    with closing(sqlite3.connect(alone)) as file:
        assert file.execute(
            "SELECT count(*) FROM firms_client WHERE firm_id = ?", [shared.firm]
        ).fetchall() == [(2,)]

"""Where SQLite's own check tells of nulls that are not there, doctor names the one to trust."""

import sqlite3

import pytest

from ringfence.cli.doctor.database_looks import own_check


@pytest.mark.parametrize(("version", "told"), [((3, 39, 4), 0), ((3, 40, 1), 1), ((3, 41, 0), 0)])
def test_the_check_to_trust_is_named_where_sqlites_own_is_wrong(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], told: int
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    found = [finding.text for finding in own_check()]
    assert len(found) == told
    assert all("Trust `ringfence ledger verify --all`" in text for text in found)

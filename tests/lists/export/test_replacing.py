"""A file is there whole or not at all, and nothing that others put in its way is written to."""

import stat
from pathlib import Path

import pytest

from ringfence.lists.export.replacing import replacing


def test_the_file_is_replaced_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")
    with replacing(path) as stream:
        stream.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_what_was_not_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(path)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_it_is_for_its_user_alone(tmp_path: Path) -> None:
    with replacing(tmp_path / "list.csv"):
        (beside,) = tmp_path.iterdir()
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "list.csv").stat().st_mode) == 0o600


def test_no_link_is_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("kept")
    for name in ("list.csv", "list.csv.unfinished", ".list.csv.unfinished"):
        (tmp_path / name).symlink_to(other)
    with replacing(tmp_path / "list.csv") as stream:
        stream.write(b"new")
    assert other.read_text() == "kept"
    assert not (tmp_path / "list.csv").is_symlink()
    assert (tmp_path / "list.csv").read_text() == "new"


def _interrupted(path: Path) -> None:
    with replacing(path) as stream:
        stream.write(b"new")
        raise KeyboardInterrupt

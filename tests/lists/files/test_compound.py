"""Compound files: streams of every size, and files that say of themselves what is not so."""

from array import array
from pathlib import Path
from struct import pack

import pytest

from ringfence.lists.files.compound import Compound
from ringfence.lists.files.source import InMemory, OnDisk
from tests.lists.files.raw_xls import SECTOR, compound

FIRST_SECTOR_OF_DIRECTORY, FIRST_TABLE_OF_TABLES, TABLES = 48, 68, 44


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def content_of(path: Path, name: str, start: int = 0) -> bytes:
    return b"".join(Compound(OnDisk(path)).stream(name).pieces(start))


def changed(path: Path, at: int, value: int) -> InMemory:
    held = bytearray(path.read_bytes())
    held[at : at + 4] = pack("<I", value)
    return InMemory("a.xls", bytes(held))


def test_a_stream_is_read_from_any_place(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    path = saved(tmp_path / "a.xls", compound({"One": content, "Two": b"x" * 5000}))
    assert content_of(path, "one") == content
    assert content_of(path, "one", 700) == content[700:]
    assert content_of(path, "two") == b"x" * 5000


def test_a_table_of_sectors_may_be_longer_than_the_header_has_room_for(tmp_path: Path) -> None:
    content = array("I", range(17_000_000 // 4)).tobytes()
    assert content_of(saved(tmp_path / "a.xls", compound({"One": content})), "one") == content


def test_a_chain_that_leads_back_into_itself_ends(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xls", compound({"One": b"x" * 40_000}))
    table = path.read_bytes().rindex(pack("<II", 1, 2))
    looped = Compound(changed(path, table + 40, 3))
    assert sum(map(len, looped.stream("one").pieces())) == 40_000


@pytest.mark.parametrize(
    ("at", "value"),
    [(FIRST_SECTOR_OF_DIRECTORY, 10**6), (TABLES, 10**9), (TABLES, 0), (24 + 2, 9)],
)
def test_a_header_that_is_not_so_is_damaged(tmp_path: Path, at: int, value: int) -> None:
    path = saved(tmp_path / "a.xls", compound({"One": b"x" * 5000}))
    with pytest.raises((ValueError, IndexError)):
        Compound(changed(path, at, value))


def test_a_stream_that_is_larger_than_the_file_is_damaged(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xls", compound({"One": b"x" * 5000}))
    entry = path.read_bytes().index("One".encode("utf-16-le"))
    found = Compound(changed(path, entry + 120, 10**9))
    with pytest.raises(ValueError, match="larger than the file"):
        found.stream("one")


def test_a_file_that_ends_within_a_stream_is_damaged(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xls", compound({"One": b"x" * 5000}))
    held = path.read_bytes()
    first = Compound(OnDisk(path)).stream("one").places[0]
    assert first == SECTOR
    found = Compound(InMemory("a.xls", held))
    stream = found.stream("one")
    path.write_bytes(held[: SECTOR * 3])
    with pytest.raises((ValueError, IndexError)):
        content_of(path, "one")
    assert b"".join(stream.pieces()) == b"x" * 5000

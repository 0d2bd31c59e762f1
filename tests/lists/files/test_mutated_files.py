"""Files of every kind with bytes changed, cut and doubled: each is read or is one of our faults, and soon."""

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ringfence.lists.faults import TableError
from ringfence.lists.files.source import InMemory
from ringfence.lists.files.table import Told, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind

CASES = Path(__file__).parents[1] / "cases"
FILES = (
    "sheetjs-html.xls",
    "sheetjs-spreadsheetml2003.xls",
    "sheetjs-text.xls",
    "libreoffice-macintosh.csv",
    "exceljs-optional-column.csv",
)
PIECES = (
    *(
        b"<",
        b">",
        b"</td>",
        b"<table>",
        b"<td rowspan=70000 colspan=9>",
        b"<!--",
        b"<style>",
        b"&#0;",
        b"&bad",
    ),
    *(b' ss:Index="999999999"', b' ss:MergeDown="-1"', b"<Data>", b"]]>", b"<?xml", b"<!DOCTYPE x [", b"\0"),
    *(b'"', b"'", b"\r", b"\n", b";", b"\t", b"|", b"\x81", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=", b"Total,"),
)
IS_CLIENTS = is_header_of(ListKind.CLIENTS)


def mutations(content: bytes, count: int) -> Iterator[bytes]:
    """The file with one to four places changed, always the same ones."""
    chance = random.Random(len(content))
    for _ in range(count):
        mutated = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(mutated) + 1)
            match chance.randrange(4):
                case 0:
                    mutated[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del mutated[at : at + chance.randint(1, 40)]
                case 2:
                    mutated[at:at] = chance.choice(PIECES)
                case _:
                    end = min(at + chance.randint(1, 200), len(mutated))
                    mutated[at:at] = mutated[at:end]
        yield bytes(mutated)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.timeout(20)
def test_whatever_is_changed_a_file_is_read_or_refused_with_a_fault(name: str) -> None:
    read = refused = 0
    for content in mutations((CASES / name).read_bytes(), 250):
        with suppress(TableError):
            refused += 1
            table = read_table(InMemory(name, content), is_header=IS_CLIENTS)
            assert all(len(row.cells) == len(table.headers) for row in table.rows)
            read, refused = read + 1, refused - 1
    assert read
    assert refused


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "windows-1250", "hz", "iso2022_jp"])
def test_whatever_encoding_is_told_a_changed_file_is_read_or_refused(encoding: str) -> None:
    for content in mutations((CASES / "sheetjs-html.xls").read_bytes(), 40):
        with suppress(TableError):
            for row in read_table(InMemory("a.xls", content), told=Told(encoding=encoding)).rows:
                assert row.line

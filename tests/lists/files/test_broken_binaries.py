"""Binary workbooks with bytes changed, taken out and put in: rows or a TableError come out, nothing else.

The changes are the same in every run.
"""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from ringfence.lists.faults import TableError
from ringfence.lists.files.source import InMemory
from ringfence.lists.files.table import read_table
from tests.lists.files import raw_xlsb
from tests.lists.files.raw_xlsb import raw_xlsb as save_xlsb

CASES = Path(__file__).parent.parent / "cases"
TIMES = 150
WORDS = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\xfe\xff\xff\xff", bytes(4))


def changed(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four things wrong."""
    held = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, count = chance.randrange(max(1, len(held))), chance.randrange(1, 64)
        what = chance.randrange(5)
        if what == 0:
            held[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            held[at : at + 4] = chance.choice(WORDS)
        elif what == 2:
            del held[at : at + count]
        elif what == 3:
            held[at:at] = held[at : at + count]
        elif chance.random() < 0.2:
            del held[at:]
    return bytes(held)


def an_xls(tmp_path: Path) -> Callable[[random.Random], bytes]:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    for row in range(30):
        for column, value in enumerate(["A1", "Siân Llŷr", 123456789, True, xlwt.Formula("1+2"), 12.5]):
            sheet.write(row, column, value)
    sheet.write_merge(31, 33, 0, 0, "B1")
    book.save(str(tmp_path / "a.xls"))
    contents = [(tmp_path / "a.xls").read_bytes(), (CASES / "sheetjs-biff8.xls").read_bytes()]
    return lambda chance: changed(chance.choice(contents), chance)


def an_xlsb(tmp_path: Path) -> Callable[[random.Random], bytes]:
    cells = raw_xlsb.header("Code", "Name")
    for number in range(1, 30):
        cells += [raw_xlsb.row(number), raw_xlsb.cell(raw_xlsb.SHARED, 0, bytes(4))]
        cells.append(raw_xlsb.short(raw_xlsb.NUMBER, bytes(8), style=1))
    path = save_xlsb(tmp_path / "a.xlsb", cells, formats=["0000"], texts=[b"\x00" + raw_xlsb.text("A1")])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    binary = [name for name in parts if name.endswith(".bin")]

    def made(chance: random.Random) -> bytes:
        part = chance.choice(binary)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, changed(content, chance) if name == part else content)
        return file.getvalue()

    return made


@pytest.mark.parametrize("kind", [an_xls, an_xlsb], ids=["XLS", "XLSB"])
def test_a_broken_workbook_is_rows_or_a_fault(
    tmp_path: Path, kind: Callable[[Path], Callable[[random.Random], bytes]]
) -> None:
    chance, make = random.Random(9), kind(tmp_path)
    read = refused = 0
    for _ in range(TIMES):
        try:
            read += bool(list(read_table(InMemory("a", make(chance))).rows))
        except TableError:
            refused += 1
    assert read > TIMES // 10
    assert refused > TIMES // 10

"""How much of a list is held: more is refused as it is read, in every kind of file, as docs/run.md says."""

import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from ringfence.lists.faults import TableError
from ringfence.lists.files import archive, held, kinds
from ringfence.lists.files.grid import Grid
from ringfence.lists.files.table import read_table
from tests.lists.files import raw_xls, raw_xlsb
from tests.lists.files.raw import raw_ods, raw_xlsx
from tests.lists.lists import save, save_ods, save_xlsx

RUN = Path(__file__).parents[3] / "docs" / "run.md"
LIST = [[f"{row}-{column} of a list" for column in range(4)] for row in range(30)]


def save_csv(path: Path, rows: list[list[str]]) -> Path:
    return save(path, "\n".join(map(",".join, rows)))


def save_xls(path: Path, rows: list[list[str]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    for number, row in enumerate(rows):
        for column, each in enumerate(row):
            sheet.write(number, column, each)
    book.save(str(path))
    return path


def save_xlsb(path: Path, rows: list[list[str]]) -> Path:
    cells = []
    for number, row in enumerate(rows):
        cells.append(raw_xlsb.row(number))
        cells += [raw_xlsb.cell(raw_xlsb.TEXT, place, raw_xlsb.text(each)) for place, each in enumerate(row)]
    return raw_xlsb.raw_xlsb(path, cells)


KINDS: list[Callable[[Path, list[list[str]]], Path]] = [save_csv, save_xlsx, save_ods, save_xls, save_xlsb]


def count(path: Path) -> int:
    return len(list(read_table(path).rows))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("limit", "most"), [("MOST_CELLS", 119), ("MOST_BYTES", 5000)])
def test_a_list_that_is_too_large_is_refused_as_it_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: Callable[[Path, list[list[str]]], Path],
    limit: str,
    most: int,
) -> None:
    path = kind(tmp_path / "list", LIST)
    assert count(path) == 29
    monkeypatch.setattr(held, limit, most)
    with pytest.raises(TableError, match="The list is too large"):
        count(path)


@pytest.mark.parametrize("kind", [save_xlsx, save_xls])
def test_texts_that_cells_refer_to_are_counted_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Path, list[list[str]]], Path]
) -> None:
    path = kind(tmp_path / "list", LIST)
    monkeypatch.setattr(held, "MOST_CELLS", 10)
    with pytest.raises(TableError, match="The list is too large"):
        next(read_table(path).rows)


def test_cells_that_are_filled_because_they_are_merged_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = [raw_xls.cell(row, 0, "A") for row in range(50)] + [raw_xls.cell(1, 9, "far")]
    merged = raw_xls.MERGED, b"\x01\x00" + bytes([1, 0, 49, 0, 9, 0, 9, 0])
    path = raw_xls.raw_xls(tmp_path / "a.xls", [*sheet, merged])
    assert count(path) == 49
    monkeypatch.setattr(held, "MOST_CELLS", 200)
    with pytest.raises(TableError, match="The list is too large"):
        count(path)


def test_rows_that_an_ods_repeats_are_counted_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="400"><text:p>x</text:p>'
    )
    row = f'<table:table-row table:number-rows-repeated="1000">{wide}</table:table-cell></table:table-row>'
    path = raw_ods(tmp_path / "a.ods", row * 50)  # 20 million cells in a few hundred bytes
    monkeypatch.setattr(held, "MOST_CELLS", 1000)
    tracemalloc.start()
    with pytest.raises(TableError, match="The list is too large"):
        count(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * archive.MB


def test_a_list_of_parts_without_end_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    with zipfile.ZipFile(path, "a") as book:
        for number in range(900):
            book.writestr(f"xl/media/picture{number}", b"")
    assert count(path) == 29
    monkeypatch.setattr(archive, "LIST_OF_PARTS", 50_000)
    with pytest.raises(TableError, match="damaged"):
        count(path)


def test_rows_without_content_are_not_noted_as_hidden(tmp_path: Path) -> None:
    rows = '<row r="1"><c t="inlineStr"><is><t>Code</t></is></c></row><row r="2" hidden="1"/>'
    filled = '<row r="3" hidden="1"><c t="inlineStr"><is><t>A1</t></is></c></row>'
    table = read_table(raw_xlsx(tmp_path / "a.xlsx", rows + filled))
    assert [row.line for row in table.rows] == [3]
    assert set(table.hidden_rows) == {3}


def test_the_manual_names_the_limits() -> None:
    [said] = re.findall(r"up to (\d+) MB and ([\d,]+) cells", RUN.read_text())
    assert said == (str(kinds.MAX_FILE_BYTES // archive.MB), f"{held.MOST_CELLS:,}")


def test_merged_cells_count_no_further_than_the_list_is_wide() -> None:
    grid = Grid("list.xlsx")
    for number in range(1, 12_001):
        grid.add((number, (f"Group {number}", "kept below")))
        grid.merge(number, number, 1, 16_384)
    assert list(grid.records())[-1] == (12_000, ("Group 12000", ""))

"""SpreadsheetML 2003, the XML that is called `.xls`: cells as shown, and files that are not safe."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files import table as table_reader
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.table import Row, Table, Told, read_table
from tests.lists.lists import rows_of

STYLES = (
    '<Style ss:ID="Default"/><Style ss:ID="zeros"><NumberFormat ss:Format="00000"/></Style>'
    '<Style ss:ID="bold" ss:Parent="zeros"><Font ss:Bold="1"/></Style>'
    '<Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>'
    '<Style ss:ID="share"><NumberFormat ss:Format="Percent"/></Style>'
)
HEADER = (
    '<Row><Cell><Data ss:Type="String">Code</Data></Cell>'
    '<Cell><Data ss:Type="String">Name</Data></Cell></Row>'
)


def saved(path: Path, *sheets: str, styles: str = STYLES, start: str = "", encoding: str = "utf-8") -> Path:
    """A workbook of these sheets, each the content of its element; they are called S1, S2 …"""
    content = "".join(f'<Worksheet ss:Name="S{n}">{sheet}</Worksheet>' for n, sheet in enumerate(sheets, 1))
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    text = (
        f'<?xml version="1.0"{start}?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"<Styles>{styles}</Styles>{content}</Workbook>"
    )
    path.write_bytes(text.encode(encoding))
    return path


def table_of(tmp_path: Path, rows: str) -> Table:
    return read_table(saved(tmp_path / "a.xls", f"<Table>{HEADER}{rows}</Table>"))


def only_cell(tmp_path: Path, cell: str) -> str:
    """What the cell in the first column below the header is."""
    (row,) = rows_of(table_of(tmp_path, f"<Row>{cell}</Row>"))
    return row.cells[0]


def told(rows: list[Row]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in rows]


def test_rows_and_cells_stand_where_their_index_says_and_else_follow_the_one_before(tmp_path: Path) -> None:
    rows = (
        '<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="String">Acme</Data></Cell></Row>'
        '<Row ss:Span="2"/>'
        '<Row><Cell><Data ss:Type="String">B2</Data></Cell>'
        '<Cell><Data ss:Type="String">Beta</Data></Cell></Row>'
    )
    assert told(rows_of(table_of(tmp_path, rows))) == [(4, ("", "Acme")), (8, ("B2", "Beta"))]


def test_what_is_merged_downwards_counts_for_each_row_and_across_only_once(tmp_path: Path) -> None:
    rows = (
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="String">A1</Data></Cell>'
        '<Cell><Data ss:Type="String">Acme</Data></Cell></Row>'
        '<Row><Cell ss:Index="2"><Data ss:Type="String">Acme too</Data></Cell></Row>'
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">C3</Data></Cell>'
        '<Cell><Data ss:Type="String">aside</Data></Cell></Row>'
    )
    table = table_of(tmp_path, rows)
    assert told(rows_of(table)) == [(2, ("A1", "Acme")), (3, ("A1", "Acme too")), (4, ("C3", ""))]
    assert table.unheaded == {"C"}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<Cell ss:StyleID="zeros"><Data ss:Type="Number">123</Data></Cell>', "00123"),
        ('<Cell ss:StyleID="bold"><Data ss:Type="Number">123</Data></Cell>', "00123"),
        ('<Cell><Data ss:Type="Number">1.955839661E9</Data></Cell>', "1955839661"),
        ('<Cell><Data ss:Type="String">00123</Data></Cell>', "00123"),
        (
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">'
            "A<B>c</B>me</ss:Data></Cell>",
            "Acme",
        ),
        (
            '<Cell><Data ss:Type="String">Acme</Data>'
            '<Comment><ss:Data ss:Type="String">Ask Jo</ss:Data></Comment></Cell>',
            "Acme",
        ),
        ('<Cell ss:Formula="=1+1"><Data ss:Type="Number">2</Data></Cell>', "2"),
    ],
)
def test_a_cell_is_what_the_sheet_shows(tmp_path: Path, cell: str, shown: str) -> None:
    found = only_cell(tmp_path, cell)
    assert (found.shown if isinstance(found, SheetCell) else found) == shown
    assert getattr(found, "fault", None) is None


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        ('<Cell><Data ss:Type="DateTime">2026-03-04T00:00:00.000</Data></Cell>', "2026-03-04", F.DATE_CELL),
        ('<Cell ss:StyleID="day"><Data ss:Type="Number">46085</Data></Cell>', "2026-03-04", F.DATE_CELL),
        ('<Cell ss:StyleID="share"><Data ss:Type="Number">0.125</Data></Cell>', "12.5%", F.FORMATTED_NUMBER),
        ('<Cell><Data ss:Type="Boolean">1</Data></Cell>', "TRUE", F.SWITCH_CELL),
        ('<Cell><Data ss:Type="Boolean">TRUE</Data></Cell>', "TRUE", F.SWITCH_CELL),
        ('<Cell><Data ss:Type="Boolean">False</Data></Cell>', "FALSE", F.SWITCH_CELL),
        ('<Cell><Data ss:Type="Boolean">vrai</Data></Cell>', "vrai", F.SWITCH_CELL),
        ('<Cell><Data ss:Type="Error">#N/A</Data></Cell>', "#N/A", F.ERROR_CELL),
        ('<Cell ss:Formula="=RC[1]"/>', "=", F.FORMULA_WITHOUT_VALUE),
        ('<Cell ss:Formula="=RC[1]"><Data ss:Type="Number">0</Data></Cell>', "0", F.FORMULA_WITHOUT_VALUE),
    ],
)
def test_what_is_no_text_is_a_cell_with_its_fault(tmp_path: Path, cell: str, value: str, fault: F) -> None:
    found = only_cell(tmp_path, cell)
    assert isinstance(found, SheetCell)
    assert (str(found), found.fault) == (value, fault)


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    rows = '<Row><Cell ss:StyleID="day"><Data ss:Type="Number">44623</Data></Cell></Row>'
    book = "</Styles><x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook><Styles>"
    path = saved(tmp_path / "a.xls", f"<Table>{HEADER}{rows}</Table>", styles=STYLES + book)
    assert rows_of(read_table(path))[0].cells[0] == "2026-03-04"


def test_the_format_of_the_row_or_the_column_counts_where_the_cell_has_none(tmp_path: Path) -> None:
    number = '<Cell><Data ss:Type="Number">7</Data></Cell>'
    rows = (
        f'<Row>{number}</Row><Row ss:StyleID="Default">{number}</Row><Row ss:StyleID="zeros">{number}</Row>'
    )
    columns = '<Column ss:StyleID="zeros" ss:Span="1"/>'
    path = saved(tmp_path / "a.xls", f"<Table>{columns}{HEADER}{rows}</Table>")
    cells = [row.cells[0] for row in rows_of(read_table(path))]
    assert [getattr(cell, "shown", cell) for cell in cells] == ["00007", "7", "00007"]


def test_hidden_rows_columns_and_sheets_are_told(tmp_path: Path) -> None:
    options = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
    hidden = f"{options}<Visible>SheetHidden</Visible></WorksheetOptions>"
    row = '<Cell><Data ss:Type="String">A1</Data></Cell>'
    rows = f'<Row ss:Hidden="1">{row}</Row><Row>{row}</Row>'
    shown = f'<Table><Column/><Column ss:Hidden="1"/>{HEADER}{rows}</Table>'
    table = read_table(saved(tmp_path / "a.xls", f"<Table>{HEADER}</Table>{hidden}", shown, "<Table/>"))
    assert len(rows_of(table)) == 2
    assert (table.sheet, table.other_sheets, table.hidden_sheets) == ("S2", ("S3",), ("S1",))
    assert (set(table.hidden_rows), set(table.hidden_columns)) == ({2}, {2})


def test_a_list_is_looked_for_on_so_many_worksheets_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = '<Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>'
    path = saved(tmp_path / "a.xls", *([empty] * 3), f"<Table>{HEADER}</Table>")
    wanted = ("Code", "Name")
    assert read_table(path, is_header=lambda cells: cells == wanted).sheet == "S4"
    monkeypatch.setattr(table_reader, "MOST_SHEETS", 3)
    monkeypatch.setattr(table_reader, "MOST_NAMED", 2)
    with pytest.raises(TableError, match="none of the first 3 worksheets"):
        read_table(path, is_header=lambda cells: cells == wanted)
    assert read_table(path, told=Told(sheet="S4")).headers == wanted
    with pytest.raises(TableError, match="Choose one of these: S1, S2 …"):
        read_table(path, told=Told(sheet="S5"))


def test_of_worksheets_called_alike_the_first_is_read(tmp_path: Path) -> None:
    rows = '<Row><Cell><Data ss:Type="String">{}</Data></Cell></Row>'
    path = saved(tmp_path / "a.xls", *(f"<Table>{HEADER}{rows.format(name)}</Table>" for name in "AB"))
    path.write_text(path.read_text().replace('"S2"', '"S1"'))
    assert told(rows_of(read_table(path))) == [(2, ("A", ""))]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "iso-8859-15"])
def test_the_encoding_that_the_file_names_is_obeyed(tmp_path: Path, encoding: str) -> None:
    rows = '<Row><Cell><Data ss:Type="String">Siân</Data></Cell></Row>'
    start = f' encoding="{encoding}"'
    path = saved(tmp_path / "a.xls", f"<Table>{HEADER}{rows}</Table>", start=start, encoding=encoding)
    table = read_table(path)
    assert (rows_of(table)[0].cells[0], table.guessed) == ("Siân", False)


def test_bytes_that_the_named_encoding_lacks_are_refused_and_another_can_be_told(tmp_path: Path) -> None:
    rows = '<Row><Cell><Data ss:Type="String">Siân</Data></Cell></Row>'
    path = saved(tmp_path / "a.xls", f"<Table>{HEADER}{rows}</Table>", encoding="cp1252")
    with pytest.raises(TableError) as caught:
        read_table(path)
    assert (caught.value.code, caught.value.row) == (F.UNDECODED, 3)
    assert rows_of(read_table(path, told=Told(encoding="windows-1252")))[0].cells[0] == "Siân"


@pytest.mark.parametrize(
    "rows",
    [
        "<Row><Cell>",
        '<Row ss:Index="1"/>',
        '<Row ss:Index="x"/>',
        '<Row><Cell ss:Index="2"/><Cell ss:Index="2"/></Row>',
        '<Row><Cell><Data ss:Type="Number">nan</Data></Cell></Row>',
        '<Row><Cell><Data ss:Type="Number">seven</Data></Cell></Row>',
        '<Row><Cell><Data ss:Type="Number">1_000</Data></Cell></Row>',
    ],
)
def test_what_contradicts_itself_is_damaged(tmp_path: Path, rows: str) -> None:
    with pytest.raises(TableError) as caught:
        rows_of(table_of(tmp_path, rows))
    assert caught.value.code is F.DAMAGED


def test_entities_of_its_own_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xls", f"<Table>{HEADER}</Table>")
    text = path.read_text().replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook', 1)
    path.write_text(text)
    with pytest.raises(TableError) as caught:
        read_table(path)
    assert caught.value.code in {F.DAMAGED, F.NOT_A_LIST}


def test_elements_nested_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        rows_of(table_of(tmp_path, "<Row>" * 1000))
    assert caught.value.code is F.TOO_DEEP

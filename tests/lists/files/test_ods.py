"""ODS as tables: cells as a sheet shows them, repeated and covered ones too, without what lies on them."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.table import read_table
from tests.lists.files.raw import raw_ods

CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ROW = "<table:table-row>{}</table:table-row>"
HEADER = ROW.format(CELL.format("Code") + CELL.format("Name"))
INNER = f"<table:table>{ROW.format(CELL.format('x'))}</table:table>"


def cell_of(path: Path, cell: str) -> str:
    """The one cell below the header."""
    table = read_table(raw_ods(path / "a.ods", HEADER + ROW.format(cell + CELL.format("Acme"))))
    return next(row.cells[0] for row in table.rows)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<text:p>Acme</text:p>", "Acme"),
        ("<text:p>Smith<text:tab/>John</text:p>", "Smith\tJohn"),
        ("<text:p>Smith<text:line-break/>John</text:p>", "Smith\nJohn"),
        ("<text:p>one</text:p><text:p>two</text:p>", "one\ntwo"),
        ('<text:p>a<text:s text:c="3"/>b</text:p>', "a   b"),
        ("<text:p>a\n      b</text:p>", "a b"),
        ("<text:p>\n\t\ta\n\t\t\n\t\tb\n</text:p>", " a b\n"),
        # What programs put into a paragraph as it is, spreadsheets show as it is.
        ("<text:p>a  b</text:p>", "a  b"),
        ("<text:p>a\nb</text:p>", "a\nb"),
        ("<text:p>a&#9;b</text:p>", "a\tb"),
        ("<text:p><text:span>Ac</text:span><text:a>me</text:a></text:p>", "Acme"),
        ("<office:annotation><text:p>Ask</text:p></office:annotation><text:p>Acme</text:p>", "Acme"),
        ("<text:p>Acme</text:p><draw:frame><text:p>Logo</text:p></draw:frame>", "Acme"),
        ("<draw:rect><text:p>Ask</text:p></draw:rect><text:p>Acme</text:p>", "Acme"),
        ("<text:p>Acme</text:p><draw:line><text:p>Ask</text:p></draw:line>", "Acme"),
        ("<text:p><text:ruby>Acme<text:ruby-text>x</text:ruby-text></text:ruby></text:p>", "Acme"),
        (f"<text:p>Acme</text:p><draw:frame>{INNER}</draw:frame>", "Acme"),
        ("\n   <text:p>Acme</text:p>\n   ", "Acme"),
    ],
)
def test_a_text_is_what_its_paragraphs_show(tmp_path: Path, inside: str, expected: str) -> None:
    cell = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    assert cell_of(tmp_path, cell) == expected


def test_a_number_that_its_format_hides_is_no_reference(tmp_path: Path) -> None:
    hidden = cell_of(
        tmp_path, '<table:table-cell office:value-type="float" office:value="0"><text:p/></table:table-cell>'
    )
    assert (hidden, getattr(hidden, "fault", None)) == ("0", F.FORMATTED_NUMBER)


@pytest.mark.parametrize(
    ("attributes", "text", "shown", "fault"),
    [
        ('float" office:value="123456789', "0123456789", "0123456789", None),
        ('float" office:value="123456789', "01234 56789", "0123456789", None),
        ('float" office:value="42', "C-0042", "C-0042", None),
        ('float" office:value="1.1', "1.10", "1.10", None),
        ('float" office:value="12345', "12,345", "12345", F.FORMATTED_NUMBER),
        ('float" office:value="1.5', "1 1/2", "1.5", F.FORMATTED_NUMBER),
        ('float" office:value="100000', "1.00E+05", "100000", F.FORMATTED_NUMBER),
        ('float" office:value="7', "", "7", None),
        ('float" office:value="1955839661.0', "1955839661.0", "1955839661", None),
        ('float" office:value="0" table:formula="of:=1+1', "0", "0", F.FORMULA_WITHOUT_VALUE),
        ('percentage" office:value="0.125', "12.5 %", "12.5%", F.FORMATTED_NUMBER),
        ('float" office:value="0.12500000000000001', "12.50%", "12.5%", F.FORMATTED_NUMBER),
        ('float" office:value="0.6667', "67 %", "66.67%", F.FORMATTED_NUMBER),
        ('float" office:value="0.5', "5%", "0.5", F.FORMATTED_NUMBER),
        ('date" office:date-value="2026-04-03', "3/4", "2026-04-03", F.DATE_CELL),
        ('date" office:date-value="2026-04-03T00:00:00', "3/4", "2026-04-03", F.DATE_CELL),
        ('date" office:date-value="2026-04-03T00:00:00.000Z', "3/4", "2026-04-03", F.DATE_CELL),
        ('date" office:date-value="2026-04-03T17:00:00', "3/4", "2026-04-03 17:00:00", F.DATE_CELL),
        ('date" office:date-value="2026-04-03T17:00', "3/4", "2026-04-03 17:00:00", F.DATE_CELL),
        ('date" office:date-value="2026-04-03T5pm', "3/4", "2026-04-03T5pm", F.DATE_CELL),
        ('time" office:time-value="PT12H30M00S', "12:30", "12:30:00", F.DATE_CELL),
        ('boolean" office:boolean-value="true', "WAHR", "TRUE", F.SWITCH_CELL),
        ('boolean" office:boolean-value="TRUE', "WAHR", "TRUE", F.SWITCH_CELL),
        ("boolean", "WAHR", "WAHR", F.SWITCH_CELL),
        ('string" office:string-value="" calcext:value-type="error', "#N/A", "#N/A", F.ERROR_CELL),
        ('float" office:value="0', "#DIV/0!", "#DIV/0!", F.ERROR_CELL),
        ('string" table:formula="of:=1+1', "#WERT!", "#WERT!", F.ERROR_CELL),
        ("string", "#12", "#12", None),
        ('float" office:value="0" table:formula="of:=1+1', "", "=", F.FORMULA_WITHOUT_VALUE),
        ('float" office:value="2" table:formula="of:=1+1', "2", "2", None),
        ('string" table:formula="of:=&quot;&quot;', "", "", None),
    ],
)
def test_other_cells_are_what_they_show_or_say_why_not(
    tmp_path: Path, attributes: str, text: str, shown: str, fault: F | None
) -> None:
    inside = f"<text:p>{text}</text:p>" if text else ""
    cell = cell_of(
        tmp_path, f'<table:table-cell office:value-type="{attributes}">{inside}</table:table-cell>'
    )
    assert (cell.shown if isinstance(cell, SheetCell) else cell) == shown
    assert (cell.fault if isinstance(cell, SheetCell) else None) is fault


def test_a_formula_without_any_value_is_never_an_empty_cell(tmp_path: Path) -> None:
    cell = cell_of(tmp_path, '<table:table-cell table:formula="of:=1+1"/>')
    assert isinstance(cell, SheetCell)
    assert cell.fault is F.FORMULA_WITHOUT_VALUE


def with_attribute(cell: str, attribute: str) -> str:
    """The cell with one attribute more."""
    return cell.replace("<table:table-cell", f"<table:table-cell table:{attribute}", 1)


def test_repeated_cells_and_rows_are_counted(tmp_path: Path) -> None:
    twice = with_attribute(CELL.format("B1"), 'number-columns-repeated="2"')
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{CELL.format("A1")}{CELL.format("x")}'
        f"</table:table-row>{ROW.format(twice)}"
    )
    table = read_table(raw_ods(tmp_path / "a.ods", HEADER + rows))
    assert [(row.line, row.cells) for row in table.rows] == [
        (5, ("A1", "x")),
        (6, ("A1", "x")),
        (7, ("B1", "B1")),
    ]


def test_what_is_merged_downwards_counts_for_each_row(tmp_path: Path) -> None:
    merged = with_attribute(CELL.format("A1"), 'number-rows-spanned="2"')
    rows = ROW.format(merged + CELL.format("VAT"))
    rows += ROW.format("<table:covered-table-cell/>" + CELL.format("PAYE"))
    table = read_table(raw_ods(tmp_path / "a.ods", HEADER + rows))
    assert [row.cells for row in table.rows] == [("A1", "VAT"), ("A1", "PAYE")]


def test_what_merged_cells_cover_is_not_shown(tmp_path: Path) -> None:
    covered = CELL.replace("table-cell", "covered-table-cell")
    across = with_attribute(CELL.format("A1"), 'number-columns-spanned="2"') + covered.format("old")
    down = '<table:table-cell table:number-rows-spanned="2"/>' + CELL.format("x")
    rows = ROW.format(across) + ROW.format(down) + ROW.format(covered.format("old") + CELL.format("y"))
    table = read_table(raw_ods(tmp_path / "a.ods", HEADER + rows))
    assert [row.cells for row in table.rows] == [("A1", ""), ("", "x"), ("", "y")]


def test_rows_within_groups_and_header_rows_are_rows(tmp_path: Path) -> None:
    rows = f"<table:table-header-rows>{HEADER}</table:table-header-rows>"
    rows += (
        f"<table:table-row-group>{ROW.format(CELL.format('A1') + CELL.format('x'))}</table:table-row-group>"
    )
    assert [row.line for row in read_table(raw_ods(tmp_path / "a.ods", rows)).rows] == [2]


def test_rows_that_the_sheet_does_not_show_are_read_and_told(tmp_path: Path) -> None:
    cells = CELL.format("A1") + CELL.format("x")
    row = f'<table:table-row table:visibility="filter">{cells}</table:table-row>'
    table = read_table(raw_ods(tmp_path / "a.ods", HEADER + row))
    assert [row.cells for row in table.rows] == [("A1", "x")]
    assert table.hidden_rows == {2}


def test_a_hidden_table_is_not_read(tmp_path: Path) -> None:
    hidden = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    path = raw_ods(tmp_path / "a.ods", HEADER, styles=hidden, style="h")
    with pytest.raises(TableError, match="holds no list"):
        read_table(path)


@pytest.mark.parametrize(
    "cell",
    [
        '<table:table-cell office:value-type="float" office:value="one"/>',
        '<table:table-cell office:value-type="float" office:value="1_000"/>',
        f"<table:table-cell>{INNER}</table:table-cell>",
        with_attribute(CELL.format("A1"), 'number-columns-repeated="-1"'),
        with_attribute(CELL.format("A1"), 'number-rows-spanned="0"'),
    ],
)
def test_content_that_makes_no_sense_is_damaged(tmp_path: Path, cell: str) -> None:
    with pytest.raises(TableError, match="damaged"):
        cell_of(tmp_path, cell)

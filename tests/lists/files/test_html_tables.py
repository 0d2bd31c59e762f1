"""Web pages that are called `.xls`: tables of Excel, LibreOffice, SheetJS and hand-made exports."""

import time
from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.html_cells import styles_in
from ringfence.lists.files.html_tables import MOST_TABLES
from ringfence.lists.files.table import Row, Told, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind
from tests.lists.lists import rows_of, save

HEADER = "<tr><th>Code<th>Name</tr>"
STYLES = (
    "<style><!-- .zeros{mso-number-format:00000;} td.text, .t2 {color:red; mso-number-format:'\\@'}\n"
    '.day {mso-number-format:"Short Date"} .share{mso-number-format:0%;} .away{display:none}'
    '.phone{mso-number-format:"00000\\\\ 00000"} --></style>'
)


def page(path: Path, rows: str, *, head: str = STYLES, encoding: str = "utf-8") -> Path:
    return save(path, f"<html><head>{head}</head><body><table>{HEADER}{rows}</table></body></html>", encoding)


def told(rows: list[Row]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.line, row.cells) for row in rows]


def only_cell(tmp_path: Path, cell: str) -> str:
    """What the cell in the first column below the header is."""
    (row,) = rows_of(read_table(page(tmp_path / "a.xls", f"<tr>{cell}<td>x</tr>")))
    return row.cells[0]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<td>Smith &amp; Jones&nbsp;Ltd", "Smith & Jones\xa0Ltd"),
        ("<td>Si&acirc;n Ll&#375;r &#x2013; x", "Siân Llŷr – x"),
        ("<td> Acme\n   Ltd \t", "Acme Ltd"),
        ("<td><font><b>A</b>c<i>me</i></font> Ltd", "Acme Ltd"),
        ("<td>1 High St<br>Cardiff", "1 High St\nCardiff"),
        ("<td><p>1 High St</p><p>Cardiff</p>", "1 High St\nCardiff"),
        ("<td>A<span style='mso-spacerun:yes'>  </span>B", "A  B"),
        ("<td><span style='display:none'>20260304</span>Acme<script>x</script>", "Acme"),
        ("<td>a < b", "a < b"),
        ("<td>00123", "00123"),
        ("<td class=zeros>123", "00123"),
        ("<td class='x zeros'>00123", "00123"),
        ("<td class=phone>123456789", "0123456789"),
        ("<td class=text>1.10", "1.10"),
        ("<td style='mso-number-format:\"\\@\"'>00123", "00123"),
        ("<td style='mso-number-format:\\@;color:red' x:str>00123", "00123"),
        ("<td x:num='123' class=zeros>00123", "00123"),
        ("<td x:num>123", "123"),
        ("<td x:num='1955839661'>1955839661", "1955839661"),
        ("<td x:str=' two  spaces'>two spaces", " two  spaces"),
        ("<td data-t='n' data-v='123' data-z='00000'>00123", "00123"),
        ("<td data-t='s' data-v='two  spaces'>two spaces", "two  spaces"),
        ('<td data-t="s" data-v="The "Crown" Inn">The &quot;Crown&quot; Inn', 'The "Crown" Inn'),
        ('<td data-t="s" data-v="AT&T &amp; Co">AT&amp;T &amp;amp; Co', "AT&T &amp; Co"),
        ("<td sdval='123' sdnum='2057;0;00000'>00123", "00123"),
        ("<td data-t='n' data-v='2' x:fmla='=1+1'>2", "2"),
    ],
)
def test_a_cell_is_what_the_page_shows_or_its_attributes_say(tmp_path: Path, cell: str, shown: str) -> None:
    found = only_cell(tmp_path, cell)
    assert (found.shown if isinstance(found, SheetCell) else found) == shown
    assert getattr(found, "fault", None) is None


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        ("<td x:num='0.125' class=share>13%", "12.5%", F.FORMATTED_NUMBER),
        ("<td x:num='46085' class=day>04/03/2026", "2026-03-04", F.DATE_CELL),
        ("<td sdval='46085' sdnum='2057;0;DD/MM/YY'>04/03/26", "2026-03-04", F.DATE_CELL),
        ("<td class=day>04-Mar", "04-Mar", F.DATE_CELL),
        ("<td data-t='d' data-v='2026-03-04T00:00:00.000Z'>3/4/26", "2026-03-04", F.DATE_CELL),
        ("<td data-t='b' data-v='true'>TRUE", "TRUE", F.SWITCH_CELL),
        ("<td x:bool='FALSE'>FALSE", "FALSE", F.SWITCH_CELL),
        ("<td x:bool>WAHR", "WAHR", F.SWITCH_CELL),
        ("<td data-t='e' data-v='42'>#N/A", "#N/A", F.ERROR_CELL),
        ("<td x:err='#REF!'>#REF!", "#REF!", F.ERROR_CELL),
        ("<td x:fmla='=A1'>", "=", F.FORMULA_WITHOUT_VALUE),
        ("<td x:num='1234567'>1,234,567", "1234567", F.FORMATTED_NUMBER),
        ("<td x:num='1955839661'>1.96E+09", "1955839661", F.FORMATTED_NUMBER),
        ("<td sdval='0' sdnum='1033;0;#,##0;-#,##0;'><font><br></font>", "0", F.FORMATTED_NUMBER),
        ("<td><select><option>VAT<option>PAYE</select>", "<select>", F.PROGRAMS_OWN),
    ],
)
def test_what_is_no_text_is_a_cell_with_its_fault(tmp_path: Path, cell: str, value: str, fault: F) -> None:
    found = only_cell(tmp_path, cell)
    assert isinstance(found, SheetCell)
    assert (str(found), found.fault) == (value, fault)


def test_cells_that_span_rows_count_for_each_and_those_below_stand_beside_them(tmp_path: Path) -> None:
    rows = "<tr><td rowspan=2>A1<td>Acme<tr><td>Acme too<tr><td colspan=2>B2<td>aside<tr><td>C3<td>Gamma"
    table = read_table(page(tmp_path / "a.xls", rows))
    assert told(rows_of(table)) == [
        (2, ("A1", "Acme")),
        (3, ("A1", "Acme too")),
        (4, ("B2", "")),
        (5, ("C3", "Gamma")),
    ]
    assert table.unheaded == {"C"}


def test_a_span_ends_with_its_part_of_the_table(tmp_path: Path) -> None:
    rows = "<tbody><tr><td rowspan=9>A1<td>Acme</tr></tbody><tbody><tr><td>B2<td>Beta</tr></tbody>"
    assert told(rows_of(read_table(page(tmp_path / "a.xls", rows)))) == [
        (2, ("A1", "Acme")),
        (3, ("B2", "Beta")),
    ]


def test_what_spans_rows_goes_on_into_no_other_part_of_the_table(tmp_path: Path) -> None:
    rows = "<tr><td rowspan=9>A1<td>Acme</tr><tbody><tr><td><td>Beta</tr></tbody><tr><td><td>Gamma</tr>"
    assert told(rows_of(read_table(page(tmp_path / "a.xls", rows)))) == [
        (2, ("A1", "Acme")),
        (3, ("", "Beta")),
        (4, ("", "Gamma")),
    ]


@pytest.mark.parametrize(
    "said",
    ["<!--[if gte mso 9]><xml><x:Date1904/></xml><![endif]-->", "<xml><x:Date1904></x:Date1904></xml>"],
)
def test_days_are_counted_from_1904_where_the_page_says_so(tmp_path: Path, said: str) -> None:
    day = "<tr><td x:num='44623' class=day>04/03/2026<td>Acme"
    (row,) = rows_of(read_table(page(tmp_path / "a.xls", day, head=STYLES + said)))
    assert row.cells == ("2026-03-04", "Acme")


def test_what_hides_rows_columns_and_tables_from_outside_counts(tmp_path: Path) -> None:
    rows = "<tbody class=away><tr><td>A1<td><span class=away>old</span>Acme</tr></tbody><tr><td>B2<td>Beta"
    columns = "<col><colgroup style='display:none'><col></colgroup>"
    listed = f"<table>{columns}{HEADER}{rows}</table>"
    path = save(tmp_path / "a.xls", f"{STYLES}<div hidden><table>{HEADER}</table></div>{listed}")
    table = read_table(path)
    assert (table.sheet, table.other_sheets, table.hidden_sheets) == ("2", (), ("1",))
    assert told(rows_of(table)) == [(2, ("A1", "Acme")), (3, ("B2", "Beta"))]
    assert (set(table.hidden_rows), set(table.hidden_columns)) == ({2}, {2})


PRINT = (
    "@media print{.out{display:none}.x{color:red}} @media (max-width: 767px) {.out{display:none !important}}"
)
TABS = "/* tabs */ .pane{display:none}\n.pane.chosen{display:block} .menu .out {display:none}"


@pytest.mark.parametrize(
    ("said", "held"),
    [
        (PRINT, "<div class=out>{}</div>"),
        (TABS, "<div class='pane chosen'>{}</div>"),
        (TABS, "<div class='chosen pane'>{}</div>"),
        (TABS, "<div class=out>{}</div>"),
        (".pane{display:none}", "<div class=pane style='display:block'>{}</div>"),
        (".cell{display:none} .cell{display:table-cell}", "<div class=cell>{}</div>"),
        ("", "<body style='display:none'>{}</body>"),
    ],
)
def test_what_is_hidden_elsewhere_alone_is_shown(tmp_path: Path, said: str, held: str) -> None:
    listed = f"<table>{HEADER}<tr><td>A1<td><span class=out>Acme</span></table>"
    table = read_table(save(tmp_path / "a.xls", f"<style>{said}</style>" + held.format(listed)))
    assert (told(rows_of(table)), table.hidden_sheets) == ([(2, ("A1", "Acme"))], ())


def test_of_a_page_that_shows_none_of_its_tables_they_are_read_and_told(tmp_path: Path) -> None:
    listed = f"<div style='display:none'><table>{HEADER}<tr><td>A1<td>Acme</table></div>"
    table = read_table(save(tmp_path / "a.xls", listed))
    assert (table.sheet, told(rows_of(table))) == ("1", [(2, ("A1", "Acme"))])
    assert set(table.hidden_rows) == {1, 2}


@pytest.mark.parametrize(
    "said",
    [
        "<!-- td.gone, .x {display:none} -->",
        "@import url(a.css); @page {margin:0} .gone{display:none}",
        "@media screen {.gone{display:none}}",
        ".gone{display:table-cell} .gone{display: NONE}",
        ".gone{display:none !important} .x .gone{display:block}",
    ],
)
def test_what_a_class_hides_here_is_no_part_of_a_cell(tmp_path: Path, said: str) -> None:
    rows = "<tr><td>A1<td><span class=gone>Old</span>Acme"
    (row,) = rows_of(read_table(page(tmp_path / "a.xls", rows, head=f"<style>{said}</style>")))
    assert row.cells == ("A1", "Acme")


@pytest.mark.parametrize("piece", ["/* ", "@import ", "@layer{", ".a{", "}", ".a ", "display : "])
def test_a_style_sheet_is_read_in_one_pass_whatever_it_opens(piece: str) -> None:
    before = time.process_time()
    assert styles_in(piece * 100_000) == {}
    assert time.process_time() - before < 2


def test_truths_of_libreoffice_are_truths_and_no_days(tmp_path: Path) -> None:
    rows = "<tr><td sdval=1 sdnum='1033;0;BOOLEAN'>TRUE<td sdval=0 sdnum='2057;2057;BOOLEAN'>FALSE"
    (row,) = rows_of(read_table(page(tmp_path / "a.xls", rows)))
    assert row.cells == ("TRUE", "FALSE")
    assert [getattr(cell, "fault", None) for cell in row.cells] == [F.SWITCH_CELL] * 2


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    rows = (
        "<tr style='display: none'><td>A1<td>Acme<tr class=away><td>B2<td>Beta"
        "<tr><td>C3<td style='display:none'>Gamma"
    )
    table = read_table(page(tmp_path / "a.xls", rows))
    assert [row.cells[0] for row in rows_of(table)] == ["A1", "B2", "C3"]
    assert (set(table.hidden_rows), set(table.hidden_columns)) == ({2, 3}, {2})


def test_the_first_table_with_a_header_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    listed = f"<table>{HEADER}<tr><td>A1<td>Acme</table>"
    path = save(
        tmp_path / "a.xls", f"<table><tr><td>Our firm<td>{listed}</table><table><tr><td>Legend</table>"
    )
    is_header = is_header_of(ListKind.CLIENTS)
    table = read_table(path, is_header=is_header)
    assert (table.sheet, table.other_sheets, told(rows_of(table))) == ("2", ("1", "3"), [(2, ("A1", "Acme"))])
    assert read_table(path, is_header=is_header, told=Told(sheet="3")).headers == ("Legend",)


def test_empty_tables_do_not_count(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xls", f"<table><tr><td>&nbsp;<td><br></table><table>{HEADER}</table>")
    table = read_table(path)
    assert (table.sheet, table.other_sheets) == ("2", ())


@pytest.mark.parametrize("declared", ["charset=windows-1252", "charset='iso-8859-1'"])
@pytest.mark.parametrize("meta", ["<meta {}>", '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; {}">'])
def test_the_encoding_that_the_page_names_is_obeyed(tmp_path: Path, meta: str, declared: str) -> None:
    path = page(tmp_path / "a.xls", "<tr><td>O’Brien<td>Siân", head=meta.format(declared), encoding="cp1252")
    table = read_table(path)
    assert rows_of(table)[0].cells == ("O’Brien", "Siân")
    assert (table.encoding, table.guessed) == ("Windows-1252", False)


def test_a_page_that_names_a_wrong_encoding_is_refused_or_doubted(tmp_path: Path) -> None:
    wrong = page(tmp_path / "a.xls", "<tr><td>A1<td>Siân", head="<meta charset=utf-8>", encoding="cp1252")
    with pytest.raises(TableError) as caught:
        read_table(wrong)
    assert caught.value.code is F.UNDECODED
    assert rows_of(read_table(wrong, told=Told(encoding="cp1252")))[0].cells[1] == "Siân"
    doubted = page(tmp_path / "b.xls", "<tr><td>A1<td>Siân", head="<meta charset=windows-1252>")
    assert read_table(doubted).guessed


def test_a_page_that_names_no_encoding_is_read_as_any_text(tmp_path: Path) -> None:
    path = page(tmp_path / "a.xls", "<tr><td>A1<td>Siân O’Neill", head="", encoding="mac_roman")
    table = read_table(path)
    assert (table.encoding, table.guessed, rows_of(table)[0].cells[1]) == ("Macintosh", True, "Siân O’Neill")


def test_a_separator_is_refused_for_a_page(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read_table(page(tmp_path / "a.xls", ""), told=Told(separator=";"))
    assert caught.value.code is F.ONLY_FOR_TEXT


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<html><body><p>Nothing here", F.NO_TABLE),
        ("<html><table></table>", F.NO_TABLE),
        ("<table><tr><td>x</table>" * (MOST_TABLES + 1), F.TOO_MANY_TABLES),
        ("<table>" + "<div>" * 300, F.TOO_DEEP),
        ("<table><tr><td>Code\0", F.NUL_CHARACTER),
        ("<table><tr>" + "<td>" * 600 + "far", F.FAR_CELL),
    ],
)
def test_a_page_that_holds_no_list_is_refused(tmp_path: Path, content: str, code: F) -> None:
    with pytest.raises(TableError) as caught:
        read_table(save(tmp_path / "a.xls", content))
    assert caught.value.code is code


@pytest.mark.parametrize(
    "start",
    [
        "\n\n  <TABLE border=1>",
        "<!-- made by hand --><!DOCTYPE html PUBLIC '-//W3C'><html xmlns:x='urn:schemas-microsoft'><table>",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><table>",
        "<meta http-equiv=Content-Type content='text/html'><style>td{}</style><table>",
    ],
)
def test_a_page_is_known_however_it_begins(tmp_path: Path, start: str) -> None:
    path = save(tmp_path / "clients.csv", f"{start}{HEADER}<tr><td>A1<td>Acme</tr></table>")
    assert told(rows_of(read_table(path))) == [(2, ("A1", "Acme"))]

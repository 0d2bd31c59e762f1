"""Lists as real programs write them (the files in cases/): each is read right, or is a fault with its remedy.

The file's name says who wrote it, or what is odd in it.
"""

import datetime
from contextlib import suppress
from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.table import Told
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import Choices, ReadList, read_list

CASES = Path(__file__).parent / "cases"
SERVICES = ("VAT", "PAYE", "Income Tax", "Corporation Tax")


def clients(name: str, choices: Choices | None = None) -> ReadList:
    return read_list(CASES / name, ListKind.CLIENTS, SERVICES, choices or Choices())


def access(name: str) -> ReadList:
    return read_list(CASES / name, ListKind.ACCESS, SERVICES)


def told(read: ReadList) -> list[tuple[str, str, dict[str, str]]]:
    """Reference, name and services of each client, of a list without a fault."""
    assert [str(fault) for fault in read.faults] == []
    return [(row.reference, row.name, dict(row.services)) for row in read.clients]


def faults(read: ReadList) -> list[tuple[int, str, F]]:
    return [(fault.line, fault.column, fault.code) for fault in read.faults]


def remarks(read: ReadList) -> list[tuple[int, F]]:
    return [(remark.line, remark.code) for remark in read.remarks]


# --- Zeros in front, formats


ZEROS = [
    ("00123", "Acme Ltd", {"Income Tax": "0123456789"}),
    ("A-17", "Siân Llŷr", {"Income Tax": "1955839661"}),
    ("00007", "Zeros in the code", {}),
]


@pytest.mark.parametrize(("name", "count"), [("zeros-openpyxl.xlsx", 3), ("zeros-xlsxwriter.xlsx", 1)])
def test_zeros_that_a_format_shows_are_kept_whoever_wrote_the_file(name: str, count: int) -> None:
    assert told(clients(name)) == ZEROS[:count]


def test_zeros_are_kept_where_cells_carry_no_place() -> None:
    assert told(clients("no-cell-references.xlsx")) == [("00123", "Acme Ltd", {"Income Tax": "0123456789"})]


@pytest.mark.parametrize("name", ["utr-format-with-space.xlsx", "utr-format-with-space.ods"])
def test_a_format_of_digits_and_spaces_keeps_its_zeros_in_every_kind_of_workbook(name: str) -> None:
    assert told(clients(name)) == [
        ("A1", "Acme Ltd", {"Income Tax": "0123456789"}),
        ("A2", "Beta Ltd", {"Income Tax": "0123456790"}),
    ]


def test_where_a_format_shows_more_than_digits_it_is_what_it_shows() -> None:
    assert told(clients("formats.xlsx")) == [
        ("A1", "Acme", {"VAT": "980780684"}),
        ("A2", "B", {"VAT": "GB 012345678"}),
        ("C0042", "Literal prefix", {}),
        ("C-0043", "Literal prefix 2", {}),
        ("12-34", "dash", {}),
        ("1/234", "slash", {}),
    ]


@pytest.mark.parametrize("name", ["comment-on-utr.ods", "pretty-printed.ods", "sheetjs.ods"])
def test_comments_and_white_space_of_an_ods_are_left_out(name: str) -> None:
    assert told(clients(name))[0] in [
        ("A1", "Acme", {"Income Tax": "0123456789"}),
        ("A1", "Acme", {"Income Tax": "1234567890"}),
        ("00123", "Acme Ltd", {"Income Tax": "0123456789"}),
    ]


def test_a_comment_does_not_cost_a_cell_its_zeros() -> None:
    assert told(clients("comment-on-utr.ods")) == [
        ("A1", "Acme", {"Income Tax": "0123456789"}),
        ("A2", "Beta", {"Income Tax": "0123456790"}),
    ]


def test_a_quoted_constant_keeps_its_zeros() -> None:
    assert told(clients("excel-text-formula.csv")) == [
        ("00012", "Bryn Glas", {"VAT": "0012345"}),
        ("00013", "Glas Coed", {}),
    ]


# --- Cells that hold no text


def test_an_error_is_never_an_empty_cell() -> None:
    assert faults(clients("error-no-cell-references.xlsx")) == [
        (2, "UTR", F.ERROR_CELL),
        (3, "Client name", F.ERROR_CELL),
    ]
    assert faults(clients("comment-on-error.ods")) == [(2, "Client name", F.ERROR_CELL)]


def test_a_formula_that_was_never_worked_out_is_a_fault() -> None:
    assert faults(clients("formula-without-value.xlsx")) == [
        (2, "UTR", F.FORMULA_WITHOUT_VALUE),
        (3, "Client name", F.FORMULA_WITHOUT_VALUE),
        (4, "Client code", F.FORMULA_WITHOUT_VALUE),
    ]
    assert faults(clients("formula-xlsxwriter-zero.xlsx")) == [(2, "Client name", F.FORMULA_WITHOUT_VALUE)]


def test_what_a_spreadsheet_made_a_date_or_time_of_is_no_reference() -> None:
    read = clients("dates-as-references.xlsx")
    assert faults(read) == [
        (2, "Client code", F.DATE_CELL),
        (3, "Client code", F.DATE_CELL),
        (4, "Client code", F.DATE_CELL),
        (5, "Client code", F.FORMATTED_NUMBER),
        (7, "Client code", F.FORMATTED_NUMBER),
        (8, "Client code", F.SWITCH_CELL),
    ]
    assert [row.reference for row in read.clients] == ["1.10"]
    assert "Format the column as text" in read.faults[0].message


def test_a_code_that_became_a_date_or_a_truth_is_a_fault() -> None:
    assert faults(clients("code-became-date.xlsx")) == [
        (2, "Client code", F.DATE_CELL),
        (3, "Client code", F.SWITCH_CELL),
    ]


def test_a_whole_number_with_a_decimal_point_is_no_reference() -> None:
    read = clients("pandas-number-with-gap.csv")
    assert faults(read) == [(2, "UTR", F.POINT_ZERO), (4, "UTR", F.POINT_ZERO)]
    assert told(clients("pandas-number-with-gap.xlsx")) == [
        ("A1", "Acme Ltd", {"Income Tax": "1955839661"}),
        ("A2", "Beta Ltd", {}),
        ("A3", "Gamma Ltd", {"Income Tax": "1234567890"}),
    ]


@pytest.mark.parametrize("name", ["tab-in-name.ods", "tab-in-name.xlsx"])
def test_a_tab_in_a_name_is_a_fault_from_every_kind_of_workbook(name: str) -> None:
    assert faults(clients(name)) == [(2, "Client name", F.CONTROL_CHARACTER)]


# --- Days, percentages


@pytest.mark.parametrize("name", ["pandas-expires.csv", "pandas-expires.xlsx"])
def test_a_midnight_without_an_offset_is_the_day(name: str) -> None:
    read = access(name)
    assert read.faults == ()
    assert [row.expires for row in read.access] == [
        datetime.date(2027, 3, 31),
        datetime.datetime(2027, 4, 30, 17),  # noqa: DTZ001 - the firm's time
    ]


def test_a_midnight_with_an_offset_is_as_written() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=1))
    assert [row.expires for row in access("exceljs-expires.csv").access] == [
        datetime.datetime(2027, 3, 31, 1, tzinfo=zone),
        datetime.datetime(2027, 4, 30, 1, tzinfo=zone),
    ]


def test_a_percentage_of_a_spreadsheet_is_a_fee_split() -> None:
    read = access("fee-split-percent.xlsx")
    assert [fault.code for fault in read.faults] == [F.GRANT_TWICE] * 3  # the same adviser, four times
    assert [str(row.fee_split) for row in read.access] == ["12.5"]


# --- Letters


def test_letters_that_were_lost_or_garbled_are_faults_where_nothing_proves_the_encoding() -> None:
    windows, macintosh = clients("libreoffice-windows-1252.csv"), clients("libreoffice-macintosh.csv")
    assert faults(windows) == [(2, "Client name", F.QUESTION_MARK), (4, "Client name", F.QUESTION_MARK)]
    assert faults(macintosh) == [(2, "Client name", F.QUESTION_MARK), (4, "Client name", F.QUESTION_MARK)]
    assert (macintosh.source.encoding, macintosh.source.doubtful) == ("Macintosh", ("Siân", "O’Neill"))
    assert windows.source.doubtful == ("Siân", "O’Neill")
    assert (windows.source.encoding, windows.source.separator) == ("Windows-1252", ",")


def test_letters_of_an_encoding_that_is_told_are_taken_and_lost_ones_remarked_on() -> None:
    read = clients("libreoffice-macintosh.csv", Choices(Told(encoding="macintosh")))
    assert [name for _, name, _ in told(read)] == ["T? Gwyn Cyf", "Siân O’Neill", "?yn a'r ?d"]
    assert remarks(read) == [(2, F.QUESTION_MARK), (4, F.QUESTION_MARK)]


# --- Sheets and shapes


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("really-xlsx.xls", "00123"),
        ("really-ods.xlsx", "A1"),
        ("sheetjs-text.xls", "00123"),
        ("sheetjs-biff8.xls", "00123"),
        ("sheetjs.xlsb", "00123"),
    ],
)
def test_the_first_bytes_say_what_a_file_is_and_never_its_name(name: str, reference: str) -> None:
    assert told(clients(name))[0][0] == reference


@pytest.mark.parametrize(
    "name",
    [
        "sheetjs-html.xls",
        "sheetjs-spreadsheetml2003.xls",
        "sheetjs-text.xls",
        "sheetjs-biff8.xls",
        "sheetjs.xlsb",
    ],
)
def test_everything_that_is_called_xls_is_read_to_its_last_cell(name: str) -> None:
    assert told(clients(name)) == [
        ("00123", "Acme Ltd", {"Income Tax": "0123456789"}),
        ("A-17", "Siân Llŷr", {"Income Tax": "1955839661"}),
    ]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("sheetjs-biff2.xls", r"a very old Excel sheet"),
    ],
)
def test_a_spreadsheet_that_cannot_be_read_is_named_with_the_remedy(name: str, what: str) -> None:
    with pytest.raises(TableError, match=f"{what}.* save it as XLSX, ODS or CSV"):
        clients(name)


def test_the_first_sheet_with_the_header_is_read_and_the_others_are_told() -> None:
    read = clients("cover-sheet-first.xlsx")
    assert told(read) == [("A1", "Acme", {})]
    assert (read.source.sheet, read.source.other_sheets) == ("Clients", ("Report",))


def test_columns_without_a_header_are_left_unused_and_told() -> None:
    read = clients("side-note-without-header.xlsx")
    assert told(read) == [("A1", "Acme Ltd", {}), ("A2", "Beta Ltd", {})]
    assert read.source.unheaded == ("E",)


def test_a_second_header_row_is_a_fault_in_its_row_and_not_a_client() -> None:
    read = clients("two-header-rows.xlsx")
    assert faults(read) == [(2, "Client code", F.MISSING_REFERENCE)]
    assert read.source.unheaded == ("D",)


def test_cells_without_content_do_not_count() -> None:
    assert told(clients("blank-formatted-far-away.xlsx")) == [
        ("A1", "Acme Ltd", {"Income Tax": "1234567890"})
    ]


def test_rows_that_end_at_their_last_cell_are_read() -> None:
    read = clients("exceljs-optional-column.csv")
    assert len(told(read)) == 20
    assert told(read)[0] == ("A0", "Client 0", {"Income Tax": "1234567890"})


def test_what_is_merged_over_rows_counts_for_each_of_them() -> None:
    assert told(clients("merged-code-over-services.xlsx")) == [
        ("A1", "Acme Ltd", {"VAT": "980780684", "PAYE": "123/AB1"}),
        ("A2", "Beta Ltd", {"VAT": "980780685"}),
    ]


def test_every_case_is_read_or_refused_with_a_message() -> None:
    """Nothing but a TableError comes out of any of them, whatever the list is taken for."""
    for path in sorted(CASES.iterdir()):
        for kind in ListKind:
            with suppress(TableError):
                read_list(path, kind, SERVICES)

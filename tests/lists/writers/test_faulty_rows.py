"""Rows that cannot be read exactly: each is the same fault in its place, whoever wrote it."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import read_list
from tests.lists.writers.test_writers import WRITERS
from tests.lists.writers.thirty import SERVICES, TEXTS, Row, Value, Zeros

HEADERS = ["Client reference", "Client name", "Confidential", "VAT number"]
NAME, REFERENCE = "Client name", "Client reference"
FORMULA = {F.FORMULA, F.FORMULA_WITHOUT_VALUE}
"""Some write a text that begins with `=` as a text, others make a formula of it, which nobody worked out."""
FAULTY: list[tuple[Row, str, set[F]]] = [
    (["A1", "Smith\tJohn", "", ""], NAME, {F.CONTROL_CHARACTER}),
    (["A2", "=1+1", "", ""], NAME, FORMULA),
    (["A3", "#N/A", "", ""], NAME, {F.ERROR_CELL}),
    (["1.23457E+15", "Rounded", "", ""], REFERENCE, {F.ROUNDED}),
    (["12.0", "With a point", "", ""], REFERENCE, {F.POINT_ZERO}),
    (["L" * 81, "Long", "", ""], REFERENCE, {F.TOO_LONG}),
    (["A4", "Undecided", "maybe", ""], "Confidential", {F.NOT_YES_OR_NO}),
    (["", "", "no", "980780684"], REFERENCE, {F.MISSING_REFERENCE}),
    (["a4 ", "As above", "", ""], REFERENCE, {F.REFERENCE_TWICE}),
    (["A5", "Holds it", "", "002375811"], "", set()),
    (["A6", "Holds it too", "", "GB 002 3758 11"], "VAT number", {F.TAX_REFERENCE_TWICE}),
    (["A7", "[object Object]", "", ""], NAME, {F.PROGRAMS_OWN}),
    (["A8", "Smith\nJohn", "", ""], NAME, {F.CONTROL_CHARACTER}),
]


def faults_of(path: Path, name: str, rows: list[Row]) -> list[tuple[int, str, F]]:
    """The faults that are read in rows which one of the writers wrote: number of the row, column, code."""
    _, writer = WRITERS[name]
    writer.write(path, HEADERS, rows)
    read = read_list(path, ListKind.CLIENTS, SERVICES)
    return [(fault.line - read.source.header_line, fault.column, fault.code) for fault in read.faults]


LEFT_OUT = {
    "XlsxWriter, numbers from texts",  # `1.23457E+15` is a number to it
    "XlsxWriter, a table below a title",  # it takes no formula with formats inside
    "pandas, HTML",  # tabs and line breaks are lost in a web page
    "tablib, HTML",
}
OF_TEXTS = [name for name, (_, each) in WRITERS.items() if each.rows() == TEXTS and name not in LEFT_OUT]


@pytest.mark.parametrize("name", OF_TEXTS)
def test_what_cannot_be_read_exactly_is_the_same_fault_whoever_wrote_it(tmp_path: Path, name: str) -> None:
    read = faults_of(tmp_path / f"list{WRITERS[name][0]}", name, [row for row, _, _ in FAULTY])
    wanted = [(number, column, codes) for number, (_, column, codes) in enumerate(FAULTY, 1) if codes]
    assert [(number, column) for number, column, _ in read] == [each[:2] for each in wanted]
    assert all(code in codes for (_, _, code), (_, _, codes) in zip(read, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        # Spreadsheets keep fifteen digits of a number, whatever the file says.
        ("openpyxl, values", 1234567890123456, F.ROUNDED),
        ("XlsxWriter, texts", 1234567890123456, F.ROUNDED),
        ("PyExcelerate, values", 1234567890123456, F.ROUNDED),
        ("tablib, ODS", 1234567890123456, F.ROUNDED),
        ("odswriter", 1234567890123456, F.ROUNDED),
        ("pandas by XlsxWriter, values", 1234567890123456, F.ROUNDED),
        # It shows whole numbers in groups unless it is told otherwise: 12,345.
        ("polars", 12345, F.FORMATTED_NUMBER),
        # A column with a gap is one of decimals.
        ("pandas, CSV", 12345.0, F.POINT_ZERO),
        ("polars, CSV", 12345.0, F.POINT_ZERO),
        # A number in a format that shows more digits than a number has.
        ("openpyxl, values", Zeros(1234567890123456, 20), F.ROUNDED),
    ],
)
def test_a_code_that_a_program_made_another_number_of_is_a_fault(
    tmp_path: Path, name: str, value: Value, code: F
) -> None:
    rows: list[Row] = [[value, "Acme", "", ""]]
    assert faults_of(tmp_path / f"list{WRITERS[name][0]}", name, rows) == [(1, REFERENCE, code)]


def test_digits_that_a_text_file_holds_are_all_there(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "list.csv", "pandas, CSV", [[1234567890123456, "Acme", "", ""]]) == []

"""The thirty rows as ODS, XLS, CSV and HTML by programs of PyPI, each in the ways that people use it."""

import csv
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odswriter
import pandas
import polars
import pyexcel_ods
import tablib
import xlwt
from odf.number import Number, NumberStyle
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import Table, TableCell, TableRow
from odf.teletype import addTextToElement
from odf.text import P

from tests.lists.writers.thirty import HEADERS, TEXTS, Percent, Value, Zeros, values
from tests.lists.writers.workbooks import format_of, plain, with_codes_as_texts

# --- OpenDocument


def _by_odfpy(path: Path, cells: list[list[TableCell]]) -> None:
    book = OpenDocumentSpreadsheet()
    for digits in sorted({value.digits for row in values() for value in row if isinstance(value, Zeros)}):
        zeros = NumberStyle(name=f"N{digits}")
        zeros.addElement(Number(decimalplaces="0", minintegerdigits=digits))
        book.automaticstyles.addElement(zeros)
        style = Style(name=f"zeros{digits}", family="table-cell", datastylename=f"N{digits}")
        book.automaticstyles.addElement(style)
    table = Table(name="Clients")
    book.spreadsheet.addElement(table)
    for row in cells:
        line = TableRow()
        table.addElement(line)
        for cell in row:
            line.addElement(cell)
    book.save(str(path))


def _text_cell(text: str) -> TableCell:
    cell = TableCell(valuetype="string")
    paragraph = P()
    addTextToElement(paragraph, text)
    cell.addElement(paragraph)
    return cell


def odfpy_texts(path: Path) -> None:
    _by_odfpy(path, [[_text_cell(text) for text in row] for row in [HEADERS, *TEXTS]])


def odfpy_plain(path: Path) -> None:
    """As most examples have it: a text handed to its paragraph."""
    rows = []
    for row in [HEADERS, *TEXTS]:
        cells = [TableCell(valuetype="string") for _ in row]
        for cell, text in zip(cells, row, strict=True):
            cell.addElement(P(text=text))
        rows.append(cells)
    _by_odfpy(path, rows)


def odfpy_values(path: Path) -> None:
    rows = [[_value_cell(value) for value in row] for row in values()]
    _by_odfpy(path, [[_text_cell(header) for header in HEADERS], *rows])


def _value_cell(value: Value) -> TableCell:
    match value:
        case None:
            return TableCell()
        case Zeros():
            cell = TableCell(valuetype="float", value=value.number, stylename=f"zeros{value.digits}")
            cell.addElement(P(text=f"{value.number:0{value.digits}}"))
        case Percent():
            cell = TableCell(valuetype="percentage", value=value.fraction)
            cell.addElement(P(text=f"{value.fraction:.2%}"))
        case bool():
            cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
            cell.addElement(P(text=str(value).upper()))
        case datetime.date():
            cell = TableCell(valuetype="date", datevalue=value.isoformat())
            cell.addElement(P(text=value.strftime("%d/%m/%Y")))
        case float():
            cell = TableCell(valuetype="float", value=value)
            cell.addElement(P(text=f"{value:g}"))
        case _:
            cell = _text_cell(value)
    return cell


def pandas_ods(path: Path) -> None:
    pandas.DataFrame(TEXTS, columns=HEADERS).to_excel(path, index=False, engine="odf")


def pandas_ods_values(path: Path) -> None:
    pandas.DataFrame(with_codes_as_texts(), columns=HEADERS).to_excel(path, index=False, engine="odf")


def pyexcel_ods_values(path: Path) -> None:
    rows = [["" if value is None else value for value in row] for row in with_codes_as_texts()]
    pyexcel_ods.save_data(str(path), {"Clients": [HEADERS, *rows]})


def odswriter_values(path: Path) -> None:
    with path.open("wb") as file, odswriter.writer(file) as book:
        book.writerows([HEADERS, *with_codes_as_texts()])


def tablib_ods(path: Path) -> None:
    path.write_bytes(tablib.Dataset(*with_codes_as_texts(), headers=HEADERS).export("ods"))


OPEN_DOCUMENTS: dict[str, Callable[[Path], None]] = {
    "odfpy, texts": odfpy_texts,
    "odfpy, plain paragraphs": odfpy_plain,
    "odfpy, values": odfpy_values,
    "pandas by odfpy": pandas_ods,
    "pandas by odfpy, values": pandas_ods_values,
    "pyexcel-ods": pyexcel_ods_values,
    "odswriter": odswriter_values,
    "tablib, ODS": tablib_ods,
}


# --- XLS


def xlwt_texts(path: Path) -> None:
    _by_xlwt(path, TEXTS)


def xlwt_values(path: Path) -> None:
    _by_xlwt(path, values())


def _by_xlwt(path: Path, rows: Any) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Clients")
    for line, row in enumerate([HEADERS, *rows]):
        for column, value in enumerate(row):
            if value is not None:
                code = format_of(value) or "General"
                sheet.write(line, column, plain(value), xlwt.easyxf(num_format_str=code))
    book.save(str(path))


OLD_WORKBOOKS: dict[str, Callable[[Path], None]] = {"xlwt, texts": xlwt_texts, "xlwt, values": xlwt_values}


# --- Text


def _csv(path: Path, encoding: str, **dialect: Any) -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **dialect).writerows([HEADERS, *TEXTS])


def csv_short_rows(path: Path) -> None:
    """Without the empty cells at the ends of rows, as many programs leave them out."""
    with path.open("w", newline="", encoding="utf-8") as file:
        for row in [HEADERS, *TEXTS]:
            full = max(number for number, cell in enumerate(row, start=1) if cell)
            csv.writer(file).writerow(row[:full])


def pandas_csv(path: Path) -> None:
    pandas.DataFrame(with_codes_as_texts(), columns=HEADERS).to_csv(path, index=False)


def pandas_csv_german(path: Path) -> None:
    frame = pandas.DataFrame(TEXTS, columns=HEADERS)
    frame.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8-sig")


def polars_csv(path: Path) -> None:
    polars.DataFrame(TEXTS, schema=HEADERS, orient="row").write_csv(path)


def polars_tsv(path: Path) -> None:
    frame = polars.DataFrame(TEXTS, schema=HEADERS, orient="row")
    frame.write_csv(path, separator="\t", quote_style="always", include_bom=True, line_terminator="\r\n")


def tablib_tsv(path: Path) -> None:
    path.write_text(tablib.Dataset(*TEXTS, headers=HEADERS).export("tsv"), "utf-8", newline="")


TEXT_FILES: dict[str, Callable[[Path], None]] = {
    "csv": lambda path: _csv(path, "utf-8"),
    "csv, everything quoted, semicolons, with a mark": lambda path: _csv(
        path, "utf-8-sig", delimiter=";", quoting=csv.QUOTE_ALL
    ),
    "csv, tabs, UTF-16": lambda path: _csv(path, "utf-16", dialect="excel-tab"),
    "csv, line feeds": lambda path: _csv(path, "utf-8", dialect="unix"),
    "csv, short rows": csv_short_rows,
    "pandas, CSV": pandas_csv,
    "pandas, CSV with semicolons": pandas_csv_german,
    "polars, CSV": polars_csv,
    "polars, tabs": polars_tsv,
    "tablib, tabs": tablib_tsv,
}


def pandas_html(path: Path) -> None:
    with pandas.option_context("display.max_colwidth", None):
        pandas.DataFrame(TEXTS, columns=HEADERS).to_html(path, index=False, encoding="utf-8")


def tablib_html(path: Path) -> None:
    path.write_text(tablib.Dataset(*TEXTS, headers=HEADERS).export("html"), "utf-8")


HTML_TABLES: dict[str, Callable[[Path], None]] = {"pandas, HTML": pandas_html, "tablib, HTML": tablib_html}

"""The thirty rows as ODS, XLS, CSV and HTML by programs of PyPI, each in the ways that people use it."""

import csv
import datetime
from collections.abc import Sequence
from functools import partial
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

from tests.lists.writers.thirty import Percent, Row, Value, Writer, Zeros, values, with_codes_as_texts
from tests.lists.writers.workbooks import by_pandas, format_of, plain

# --- OpenDocument


def by_odfpy(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = OpenDocumentSpreadsheet()
    for digits in sorted({value.digits for row in rows for value in row if isinstance(value, Zeros)}):
        zeros = NumberStyle(name=f"N{digits}")
        zeros.addElement(Number(decimalplaces="0", minintegerdigits=digits))
        book.automaticstyles.addElement(zeros)
        style = Style(name=f"zeros{digits}", family="table-cell", datastylename=f"N{digits}")
        book.automaticstyles.addElement(style)
    _save_tables(book, path, [[_cell(value) for value in row] for row in [headers, *rows]])


def _save_tables(book: OpenDocumentSpreadsheet, path: Path, cells: list[list[TableCell]]) -> None:
    table = Table(name="Clients")
    book.spreadsheet.addElement(table)
    for row in cells:
        line = TableRow()
        table.addElement(line)
        for cell in row:
            line.addElement(cell)
    book.save(str(path))


def _cell(value: Value) -> TableCell:
    text = P()
    match value:
        case None:
            return TableCell()
        case Zeros():
            cell = TableCell(valuetype="float", value=value.number, stylename=f"zeros{value.digits}")
            text.addText(f"{value.number:0{value.digits}}")
        case Percent():
            cell = TableCell(valuetype="percentage", value=value.fraction)
            text.addText(f"{value.fraction:.2%}")
        case bool():
            cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
            text.addText(str(value).upper())
        case datetime.date():
            cell = TableCell(valuetype="date", datevalue=value.isoformat())
            text.addText(value.strftime("%d/%m/%Y"))
        case float():
            cell = TableCell(valuetype="float", value=value)
            text.addText(f"{value:g}")
        case _:
            cell = TableCell(valuetype="string")
            addTextToElement(text, value)
    cell.addElement(text)
    return cell


def odfpy_plain(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    """As most examples have it: a text handed to its paragraph."""
    cells = [[TableCell(valuetype="string") for _ in row] for row in [headers, *rows]]
    for line, row in zip(cells, [headers, *rows], strict=True):
        for cell, text in zip(line, row, strict=True):
            cell.addElement(P(text=text))
    _save_tables(OpenDocumentSpreadsheet(), path, cells)


def by_pyexcel_ods(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    filled = [["" if value is None else value for value in row] for row in rows]
    pyexcel_ods.save_data(str(path), {"Clients": [headers, *filled]})


def by_odswriter(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    with path.open("wb") as file, odswriter.writer(file) as book:
        book.writerows([headers, *rows])


def tablib_ods(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    path.write_bytes(tablib.Dataset(*rows, headers=headers).export("ods"))


OPEN_DOCUMENTS: dict[str, Writer] = {
    "odfpy, texts": Writer(by_odfpy),
    "odfpy, values": Writer(by_odfpy, values),
    "odfpy, plain paragraphs": Writer(odfpy_plain),
    "pandas by odfpy": Writer(partial(by_pandas, engine="odf")),
    "pandas by odfpy, values": Writer(partial(by_pandas, engine="odf"), with_codes_as_texts),
    "pyexcel-ods": Writer(by_pyexcel_ods, with_codes_as_texts),
    "odswriter": Writer(by_odswriter, with_codes_as_texts),
    "tablib, ODS": Writer(tablib_ods, with_codes_as_texts),
}


# --- XLS


def by_xlwt(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Clients")
    for line, row in enumerate([headers, *rows]):
        for column, value in enumerate(row):
            if value is not None:
                code = format_of(value) or "General"
                sheet.write(line, column, plain(value), xlwt.easyxf(num_format_str=code))
    book.save(str(path))


OLD_WORKBOOKS: dict[str, Writer] = {"xlwt, texts": Writer(by_xlwt), "xlwt, values": Writer(by_xlwt, values)}


# --- Text


def by_csv(path: Path, headers: Row, rows: Sequence[Row], encoding: str = "utf-8", **dialect: Any) -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **dialect).writerows([headers, *rows])


def csv_short_rows(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    """Without the empty cells at the ends of rows, as many programs leave them out."""
    with path.open("w", newline="", encoding="utf-8") as file:
        for row in [headers, *rows]:
            full = max(number for number, cell in enumerate(row, start=1) if cell)
            csv.writer(file).writerow(row[:full])


def pandas_csv(path: Path, headers: Row, rows: Sequence[Row], **options: Any) -> None:
    pandas.DataFrame(rows, columns=headers).to_csv(path, index=False, **options)


def polars_csv(path: Path, headers: Row, rows: Sequence[Row], **options: Any) -> None:
    polars.DataFrame(rows, schema=list(headers), orient="row").write_csv(path, **options)


def tablib_tsv(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    path.write_text(tablib.Dataset(*rows, headers=headers).export("tsv"), "utf-8", newline="")


_QUOTED: dict[str, Any] = {"delimiter": ";", "quoting": csv.QUOTE_ALL, "encoding": "utf-8-sig"}
_TABS: dict[str, Any] = {"separator": "\t", "quote_style": "always", "include_bom": True}
TEXT_FILES: dict[str, Writer] = {
    "csv": Writer(by_csv),
    "csv, everything quoted, semicolons, with a mark": Writer(partial(by_csv, **_QUOTED)),
    "csv, tabs, UTF-16": Writer(partial(by_csv, encoding="utf-16", dialect="excel-tab")),
    "csv, line feeds": Writer(partial(by_csv, dialect="unix")),
    "csv, short rows": Writer(csv_short_rows),
    "pandas, CSV": Writer(pandas_csv, with_codes_as_texts),
    "pandas, CSV with semicolons": Writer(partial(pandas_csv, sep=";", decimal=",", encoding="utf-8-sig")),
    "polars, CSV": Writer(polars_csv),
    "polars, tabs": Writer(partial(polars_csv, line_terminator="\r\n", **_TABS)),
    "tablib, tabs": Writer(tablib_tsv),
}


def pandas_html(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    with pandas.option_context("display.max_colwidth", None):
        pandas.DataFrame(rows, columns=headers).to_html(path, index=False, encoding="utf-8")


def tablib_html(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    path.write_text(tablib.Dataset(*rows, headers=headers).export("html"), "utf-8")


HTML_TABLES: dict[str, Writer] = {"pandas, HTML": Writer(pandas_html), "tablib, HTML": Writer(tablib_html)}

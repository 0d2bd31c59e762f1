"""The thirty rows as XLSX by programs of PyPI, each in the ways that people use it."""

import datetime
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import polars
import pyexcelerate
import tablib
import xlsxlite.writer
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.lists.writers.thirty import Percent, Row, Value, Writer, Zeros, values, with_codes_as_texts

DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def format_of(value: Value) -> str:
    """The number format that people give a cell with this value; "" for none."""
    if isinstance(value, Zeros):
        return value.format
    if isinstance(value, Percent):
        return "0.00%"
    if isinstance(value, datetime.datetime):
        return MOMENT
    return DAY if isinstance(value, datetime.date) else ""


def plain(value: Value) -> Any:
    """The value itself, whatever format it is shown in."""
    if isinstance(value, Zeros):
        return value.number
    return value.fraction if isinstance(value, Percent) else value


# --- openpyxl


def by_openpyxl(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(headers)
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(line, column, plain(value))
                cell.number_format = format_of(value) or cell.number_format
    book.save(path)


def openpyxl_write_only(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(headers)
    for row in rows:
        cells = [WriteOnlyCell(sheet, plain(value)) for value in row]
        for cell, value in zip(cells, row, strict=True):
            cell.number_format = format_of(value) or cell.number_format
        sheet.append(cells)
    book.save(path)


def openpyxl_rich(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    """Names of which a part is bold."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(headers)
    for reference, name, *rest in rows:
        rich = CellRichText(TextBlock(InlineFont(b=True), name[:3]), name[3:])
        sheet.append([reference, rich, *rest])
    book.save(path)


# --- XlsxWriter


def by_xlsxwriter(path: Path, headers: Row, rows: Sequence[Row], **options: Any) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Clients")
        codes = {format_of(value) for row in rows for value in row}
        formats = {code: book.add_format({"num_format": code}) for code in codes}
        sheet.write_row(0, 0, headers)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                code = format_of(value)
                sheet.write(line, column, plain(value), *([formats[code]] if code else []))


def xlsxwriter_table(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    """A table of Excel's, with names of which a part is bold, below a title."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        bold = book.add_format({"bold": True})
        sheet.merge_range(0, 0, 0, 5, "Clients as of 29 November 2026", bold)
        place = (2, 0, 2 + len(rows), len(headers) - 1)
        sheet.add_table(*place, {"data": rows, "columns": [{"header": header} for header in headers]})
        for line, row in enumerate(rows, start=3):
            sheet.write_rich_string(line, 1, bold, row[1][:2], row[1][2:])


# --- Tables of data


def by_pandas(path: Path, headers: Row, rows: Sequence[Row], engine: str = "") -> None:
    pandas.DataFrame(rows, columns=headers).to_excel(path, index=False, engine=engine)


def by_polars(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    polars.DataFrame(rows, schema=list(headers), orient="row").write_excel(path)


def by_pyexcelerate(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = pyexcelerate.Workbook()
    sheet = book.new_sheet("Clients", data=[headers, *[list(map(plain, row)) for row in rows]])
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if code := format_of(value):
                sheet.set_cell_style(line, column, pyexcelerate.Style(format=pyexcelerate.Format(code)))
    with warnings.catch_warnings():
        # It asks for the time in a way of which Python warns from 3.12 on.
        warnings.simplefilter("ignore", DeprecationWarning)
        book.save(str(path))


def by_tablib(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    path.write_bytes(tablib.Dataset(*rows, headers=headers).export("xlsx"))


def by_xlsxlite(path: Path, headers: Row, rows: Sequence[Row]) -> None:
    book = xlsxlite.writer.XLSXBook()
    sheet = book.add_sheet("Clients")
    for row in [headers, *rows]:
        sheet.append_row(*row)
    book.finalize(to_file=str(path))


WORKBOOKS: dict[str, Writer] = {
    "openpyxl, texts": Writer(by_openpyxl),
    "openpyxl, values": Writer(by_openpyxl, values),
    "openpyxl, write only": Writer(openpyxl_write_only, values),
    "openpyxl, rich texts": Writer(openpyxl_rich),
    "XlsxWriter, texts": Writer(by_xlsxwriter),
    "XlsxWriter, values in memory": Writer(partial(by_xlsxwriter, in_memory=True), values),
    "XlsxWriter, values in constant memory": Writer(partial(by_xlsxwriter, constant_memory=True), values),
    "XlsxWriter, numbers from texts": Writer(partial(by_xlsxwriter, strings_to_numbers=True)),
    "XlsxWriter, a table below a title": Writer(xlsxwriter_table),
    "pandas by openpyxl": Writer(partial(by_pandas, engine="openpyxl")),
    "pandas by XlsxWriter, values": Writer(partial(by_pandas, engine="xlsxwriter"), with_codes_as_texts),
    "polars": Writer(by_polars),
    "PyExcelerate, texts": Writer(by_pyexcelerate),
    "PyExcelerate, values": Writer(by_pyexcelerate, values),
    "tablib": Writer(by_tablib, with_codes_as_texts),
    "xlsxlite": Writer(by_xlsxlite),
}

"""The thirty rows as XLSX by programs of PyPI, each in the ways that people use it."""

import datetime
from collections.abc import Callable, Sequence
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

from tests.lists.writers.thirty import HEADERS, TEXTS, Percent, Value, Zeros, values

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


def openpyxl_texts(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEADERS, *TEXTS]:
        sheet.append(row)
    book.save(path)


def openpyxl_values(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADERS)
    for line, row in enumerate(values(), start=2):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(line, column, plain(value))
                cell.number_format = format_of(value) or cell.number_format
    book.save(path)


def openpyxl_write_only(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADERS)
    for row in values():
        cells = [WriteOnlyCell(sheet, plain(value)) for value in row]
        for cell, value in zip(cells, row, strict=True):
            cell.number_format = format_of(value) or cell.number_format
        sheet.append(cells)
    book.save(path)


def openpyxl_rich(path: Path) -> None:
    """Names of which a part is bold."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADERS)
    for reference, name, *rest in TEXTS:
        rich = CellRichText(TextBlock(InlineFont(b=True), name[:3]), name[3:])
        sheet.append([reference, rich, *rest])
    book.save(path)


# --- XlsxWriter


def _by_xlsxwriter(path: Path, rows: Sequence[Sequence[Value]], **options: Any) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Clients")
        codes = {format_of(value) for row in rows for value in row}
        formats = {code: book.add_format({"num_format": code}) for code in codes}
        sheet.write_row(0, 0, HEADERS)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                code = format_of(value)
                sheet.write(line, column, plain(value), *([formats[code]] if code else []))


def xlsxwriter_texts(path: Path) -> None:
    _by_xlsxwriter(path, TEXTS)


def xlsxwriter_values(path: Path) -> None:
    _by_xlsxwriter(path, values(), in_memory=True)


def xlsxwriter_constant_memory(path: Path) -> None:
    _by_xlsxwriter(path, values(), constant_memory=True)


def xlsxwriter_numbers_from_texts(path: Path) -> None:
    _by_xlsxwriter(path, TEXTS, strings_to_numbers=True)


def xlsxwriter_table(path: Path) -> None:
    """A table of Excel's, with names of which a part is bold, below a title."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        bold = book.add_format({"bold": True})
        sheet.merge_range(0, 0, 0, 5, "Clients as of 29 November 2026", bold)
        place = (2, 0, 2 + len(TEXTS), len(HEADERS) - 1)
        sheet.add_table(*place, {"data": TEXTS, "columns": [{"header": header} for header in HEADERS]})
        for line, row in enumerate(TEXTS, start=3):
            sheet.write_rich_string(line, 1, bold, row[1][:2], row[1][2:])


# --- Tables of data


def pandas_by_openpyxl(path: Path) -> None:
    pandas.DataFrame(TEXTS, columns=HEADERS).to_excel(path, index=False, engine="openpyxl")


def pandas_by_xlsxwriter(path: Path) -> None:
    """Codes as texts, the rest as values."""
    frame = pandas.DataFrame(with_codes_as_texts(), columns=HEADERS)
    frame.to_excel(path, index=False, engine="xlsxwriter")


def with_codes_as_texts() -> list[list[Any]]:
    """The values for programs that know no formats: what has zeros in front or percents stays a text."""
    return [
        [text if isinstance(value, Zeros | Percent) else value for text, value in zip(*rows, strict=True)]
        for rows in zip(TEXTS, values(), strict=True)
    ]


def polars_excel(path: Path) -> None:
    polars.DataFrame(TEXTS, schema=HEADERS, orient="row").write_excel(path)


def pyexcelerate_texts(path: Path) -> None:
    book = pyexcelerate.Workbook()
    book.new_sheet("Clients", data=[HEADERS, *TEXTS])
    book.save(str(path))


def pyexcelerate_values(path: Path) -> None:
    book = pyexcelerate.Workbook()
    sheet = book.new_sheet("Clients", data=[HEADERS, *[list(map(plain, row)) for row in values()]])
    for line, row in enumerate(values(), start=2):
        for column, value in enumerate(row, start=1):
            if code := format_of(value):
                sheet.set_cell_style(line, column, pyexcelerate.Style(format=pyexcelerate.Format(code)))
    book.save(str(path))


def tablib_xlsx(path: Path) -> None:
    path.write_bytes(tablib.Dataset(*with_codes_as_texts(), headers=HEADERS).export("xlsx"))


def xlsxlite_texts(path: Path) -> None:
    book = xlsxlite.writer.XLSXBook()
    sheet = book.add_sheet("Clients")
    for row in [HEADERS, *TEXTS]:
        sheet.append_row(*row)
    book.finalize(to_file=str(path))


WORKBOOKS: dict[str, Callable[[Path], None]] = {
    "openpyxl, texts": openpyxl_texts,
    "openpyxl, values": openpyxl_values,
    "openpyxl, write only": openpyxl_write_only,
    "openpyxl, rich texts": openpyxl_rich,
    "XlsxWriter, texts": xlsxwriter_texts,
    "XlsxWriter, values in memory": xlsxwriter_values,
    "XlsxWriter, values in constant memory": xlsxwriter_constant_memory,
    "XlsxWriter, numbers from texts": xlsxwriter_numbers_from_texts,
    "XlsxWriter, a table below a title": xlsxwriter_table,
    "pandas by openpyxl": pandas_by_openpyxl,
    "pandas by XlsxWriter, values": pandas_by_xlsxwriter,
    "polars": polars_excel,
    "PyExcelerate, texts": pyexcelerate_texts,
    "PyExcelerate, values": pyexcelerate_values,
    "tablib": tablib_xlsx,
    "xlsxlite": xlsxlite_texts,
}

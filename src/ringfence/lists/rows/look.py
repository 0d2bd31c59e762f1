"""A first look at a file: which sheets it has, its first rows as they are read, what its columns seem to be.

For whoever is to say which sheet, header and columns are meant. Whether the rows are in order is not asked.
"""

from collections.abc import Collection, Iterator
from itertools import islice

import msgspec

from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.files.archive import damaged_told
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.kinds import kind_of
from ringfence.lists.files.sheet import Record
from ringfence.lists.files.source import ListFile
from ringfence.lists.files.table import Told, choose_sheet, header_among, open_workbook
from ringfence.lists.files.text import HEADER_WITHIN, read_text
from ringfence.lists.rows.columns import proposed_meanings
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import header_test
from ringfence.lists.rows.shapes import fitting_shapes, shape_of, with_shape

MOST_COLUMNS = 100
"""Columns that are shown; a list has a dozen."""


class TopRow(msgspec.Struct, frozen=True):
    """One of the first rows, with its number in the editor or the spreadsheet."""

    line: int
    cells: tuple[str, ...]


class FirstLook(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is read unless somebody says otherwise."""

    text: bool
    """Whether it is a text file; else a workbook, or what is read like one."""
    page: bool = False
    """Whether it is a web page, whose sheets are its tables, called by number."""
    encoding: str = ""
    separator: str = ""
    guessed: bool = False
    """Whether nothing proves the encoding."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """The visible worksheets."""
    top: tuple[TopRow, ...] = ()
    header: int = 0
    """The number of the row that seems to be the header."""
    headers: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    """What each column seems to be: a `Column.meaning`, or ""."""
    shape: str = ""
    """The code of the known program whose list it seems to be; "" for any other list."""
    shapes: tuple[str, ...] = ()
    """The codes of those whose list it can be."""


def look_at(
    source: ListFile, kind: ListKind, services: Collection[str], told: Told, shape: str = ""
) -> FirstLook:
    """Look at the file as it was `told` to be read, as the list of `shape` where that was said.

    Raises TableError: no list at all.
    """
    sort = kind_of(source)
    is_header = header_test(kind, {})
    if sort == "text":
        text = read_text(source, encoding=told.encoding, separator=told.separator, is_header=is_header)
        top = _filled(text.records)
        look = FirstLook(text=True, encoding=text.encoding, separator=text.separator, guessed=text.guessed)
    else:
        with damaged_told(source.name):
            book = open_workbook(source, sort, told)
            sheet = choose_sheet(book, source.name, is_header, told.sheet)
            top = _filled(book.top(sheet))
            look = FirstLook(
                text=False,
                page=sort == "html",
                encoding=getattr(book, "encoding", ""),
                guessed=getattr(book, "guessed", False),
                sheet=sheet,
                sheets=book.sheets,
            )
    if not top:
        raise TableError(source.name, F.NO_TEXT)
    line, cells = top[header_among(source.name, top, is_header, told.header)]
    headers = tuple(str(cell).strip() for cell in cells)[:MOST_COLUMNS]
    found = shape_of(source.name, headers, kind, shape)
    return msgspec.structs.replace(
        look,
        top=tuple(TopRow(number, tuple(map(_shown, row[:MOST_COLUMNS]))) for number, row in top),
        header=line,
        headers=headers,
        meanings=proposed_meanings(headers, kind, services, with_shape(found, headers, {})),
        shape=found.code if found else "",
        shapes=fitting_shapes(headers, kind),
    )


def _filled(records: Iterator[Record]) -> list[Record]:
    """The first rows that hold anything."""
    return list(islice((row for row in records if any(cell.strip() for cell in row[1])), HEADER_WITHIN))


def _shown(cell: str) -> str:
    return shown(cell.shown if isinstance(cell, SheetCell) else cell)

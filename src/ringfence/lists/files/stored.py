"""What Excel stores as a number or a formula's result, as a cell: in every kind of its workbooks alike.

How the number stands in the file is known to `xlsx`, `xls` and `xlsb`.
"""

import datetime
import math
from struct import Struct

import msgspec

from ringfence.lists.faults import F

from .cells import FORMULA_ZERO, NEVER_WORKED_OUT, SheetCell, error_cell, plain_number
from .number_formats import in_format, is_date

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Errors by the number that the binary workbooks have for them."""
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}
_UPPER_HALF = Struct("<4xI")
_FLOAT = Struct("<d")
_LAST_SERIAL = 2_958_466
"""The day after 31 December 9999."""


class Stored(msgspec.Struct, frozen=True):
    """How a workbook's numbers are meant."""

    since_1904: bool
    """Whether its days are counted from 1904; else from 1900."""
    to_be_worked_out: bool
    """Whether its formulas are to be worked out when it is opened: a 0 then may be nothing at all."""

    def number(self, value: float, code: str, *, is_formula: bool = False) -> str:
        """A number in the format of this code, "" for none; where it is none, the error."""
        if not math.isfinite(value):
            return error_cell("#NUM!")
        if is_formula and value == 0:
            # Programs that do not work formulas out write 0 and ask the spreadsheet to do it.
            return NEVER_WORKED_OUT if self.to_be_worked_out else FORMULA_ZERO
        if not code:
            return plain_number(value)
        if not is_date(code):
            return in_format(value, code)
        return SheetCell(self._date(value) or plain_number(value), fault=F.DATE_CELL)

    def _date(self, serial: float) -> str:
        """A day, a day and a time, or a time alone, in ISO form; "" where the number is none."""
        if not 0 <= serial < _LAST_SERIAL:
            return ""
        time = datetime.timedelta(milliseconds=round(serial * 86_400_000))
        if not time.days:
            return str(time)
        if self.since_1904:
            first = datetime.datetime(1904, 1, 1)  # noqa: DTZ001 - no zone
        else:
            # 1900 counts as a leap year: the days before its 29 February are one further on.
            first = datetime.datetime(1899, 12, 31 if serial < 60 else 30)  # noqa: DTZ001 - no zone
        try:
            return (first + time).isoformat(sep=" ").removesuffix(" 00:00:00")
        except OverflowError:  # the last four years, counted from 1904
            return ""


def truth_cell(value: bool) -> SheetCell:
    """A cell that says whether something is true."""
    return SheetCell("TRUE" if value else "FALSE", fault=F.SWITCH_CELL)


def written_truth(text: str) -> SheetCell:
    """The same from what a file writes of it; any other word stays as it is written, and is neither."""
    word = text.strip()
    if word.casefold() in _TRUTHS:
        return truth_cell(_TRUTHS[word.casefold()])
    if not word:
        raise ValueError("neither true nor false")
    return SheetCell(word, fault=F.SWITCH_CELL)


def numbered_error(number: int) -> SheetCell:
    """The error of that number."""
    return error_cell(ERRORS.get(number, "#ERROR"))


def packed_number(rk: int) -> float:
    """A number in four bytes (RK): thirty bits of a whole number or of the upper half of a float."""
    if rk & 2:
        value = float((rk >> 2) - ((rk & 0x8000_0000) >> 1))
    else:
        (value,) = _FLOAT.unpack(_UPPER_HALF.pack(rk & 0xFFFF_FFFC))
    return value / 100 if rk & 1 else value

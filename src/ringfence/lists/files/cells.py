"""A cell that a spreadsheet holds as something else than text, and numbers as texts.

A plain text is a `str`. What a column makes of a cell (a name, a date, a yes) is said in `lists.rows`.
"""

import math
import re
from decimal import Decimal

from ringfence.lists.faults import F

MOST_EXACT = 1e15
"""Spreadsheets keep fifteen digits of a number and make the others zeros."""
_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f]")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[,.'’ \u00a0\u202f][0-9]{3})+")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_PERCENTAGE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)[ \u00a0\u202f]?%")


class SheetCell(str):
    """The value as text: `1234`, `12.5%`, `2026-12-31`, `TRUE`, `#N/A`.

    `shown` is what the sheet shows of it, for columns that hold texts; `fault` says why it is no text. Where
    it is not `readable` it is nothing else either.
    """

    __slots__ = ("fault", "readable", "shown")
    fault: F | None
    readable: bool
    shown: str

    def __new__(
        cls, value: str, *, shown: str = "", fault: F | None = None, readable: bool = True
    ) -> "SheetCell":
        cell = super().__new__(cls, value)
        cell.shown = shown or value
        cell.fault = fault
        cell.readable = readable
        return cell


NEVER_WORKED_OUT = SheetCell("=", fault=F.FORMULA_WITHOUT_VALUE, readable=False)
FORMULA_ZERO = SheetCell("0", fault=F.FORMULA_WITHOUT_VALUE)
"""A formula that gives 0, as programs write it that work none out: a number perhaps, no name or reference."""
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def error_cell(text: str) -> SheetCell:
    """A cell that shows an error."""
    return SheetCell(text, fault=F.ERROR_CELL, readable=False)


def date_cell(written: str) -> SheetCell:
    """A day, or a day and a time, from their ISO form; a sheet knows no zone, whatever is written.

    What has another form stays as it is written, and is no day.
    """
    found = _MOMENT.fullmatch(written)
    if found is None:
        return SheetCell(written, fault=F.DATE_CELL)
    time = f"{found[2]}{found[3] or ':00'}" if found[2] else "00:00:00"
    return SheetCell(found[1] if time == "00:00:00" else f"{found[1]} {time}", fault=F.DATE_CELL)


def plain_number(value: float) -> str:
    """A number without any format: no point behind a whole one, fifteen digits at most.

    A whole number of more digits has been rounded, and is written so that this shows: `1.5e+15`.
    """
    if value.is_integer():
        return f"{value or 0.0:.0f}" if abs(value) < MOST_EXACT else f"{value:.15e}"
    return f"{Decimal(f'{value:.15g}'):f}"


def number_cell(value: float, shown: str) -> str:
    """A number of which the sheet shows `shown` ("" where that is not known to be a text).

    Digits and spaces are the digits, zeros in front among them. Where a format shows more (`C-0042`, `1.10`),
    it is what the sheet shows, as long as the digits are those of the number; else no text.
    """
    plain = plain_number(value)
    if shown == plain or abs(value) >= MOST_EXACT:
        return plain
    digits = _SPACES.sub("", shown)
    if digits.isascii() and digits.isdigit() and int(digits) == value:
        return SheetCell(plain, shown=digits)
    if _GROUPED.fullmatch(shown):
        return SheetCell(plain, fault=F.FORMATTED_NUMBER)
    if _DECIMAL.fullmatch(shown) and _rounded_to(value, Decimal(shown)):
        return SheetCell(plain, shown=shown)
    if (percents := _PERCENTAGE.fullmatch(shown)) and _rounded_to(value * 100, Decimal(percents[1])):
        return percentage(value)
    of_number = "".join(letter for letter in shown if letter.isascii() and letter.isdigit())
    if of_number and value.is_integer() and int(of_number) == abs(value):
        return SheetCell(plain, shown=shown)
    return SheetCell(plain, fault=F.FORMATTED_NUMBER)


def _rounded_to(value: float, shown: Decimal) -> bool:
    """Whether the decimals shown are those of the value, the last one rounded up or down."""
    step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    return abs(Decimal(f"{value:.15g}") - shown) * 2 <= step


def written_number(text: str) -> float:
    """The number that a file writes as text. Raises ValueError for none, and for what only Python takes."""
    if "_" in text or not text.isascii():
        raise ValueError(f"no number: {text[:20]}")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"no number: {text[:20]}")
    return value


def percentage(value: float) -> SheetCell:
    """A number that the sheet shows as a percentage: `12.5%` for 0.125."""
    hundredfold = Decimal(f"{value:.15g}") * 100
    return SheetCell(f"{hundredfold.normalize():f}%", fault=F.FORMATTED_NUMBER)

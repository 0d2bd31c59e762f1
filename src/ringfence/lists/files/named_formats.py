"""Number formats that SpreadsheetML and Excel's web pages call by a name, and what a number is in one."""

import datetime
import math

from ringfence.lists.faults import F

from .cells import SheetCell, plain_number
from .number_formats import in_format, is_date

_DATE = "yyyy-mm-dd"
_NAMED = {
    "general": "",
    "general number": "",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "currency": "#,##0.00",
    "euro currency": "#,##0.00",
    "percent": "0.00%",
    "scientific": "0.00E+00",
    "yes/no": '"Yes";"Yes";"No"',
    "true/false": '"True";"True";"False"',
    "on/off": '"On";"On";"Off"',
    **dict.fromkeys(("general date", "long date", "medium date", "short date"), _DATE),
    **dict.fromkeys(("long time", "medium time", "short time"), _DATE),
}
_LAST_SERIAL = 2_958_466
"""The day after 31 December 9999."""


def format_code(name: str) -> str:
    """The code of a format that may have a name; "" for numbers as they are."""
    return _NAMED.get(name.strip().lower(), name)


def shows_date(code: str) -> bool:
    """Whether numbers in the format are shown as a date or a time."""
    return bool(code) and is_date(code)


def number_in(value: float, code: str) -> str:
    """The cell that a number is in a format. Raises ValueError for what is none."""
    if not math.isfinite(value):
        raise ValueError("no number")
    if not code:
        return plain_number(value)
    return date_of(value) if is_date(code) else in_format(value, code)


def date_of(serial: float) -> SheetCell:
    """The day, the day and time, or the time that a number is, in ISO form; days are counted from 1900."""
    if not 0 <= serial < _LAST_SERIAL:
        return SheetCell(plain_number(serial), fault=F.DATE_CELL)
    time = datetime.timedelta(milliseconds=round(serial * 86_400_000))
    if not time.days:
        return SheetCell(str(time), fault=F.DATE_CELL)
    # 1900 counts as a leap year: the days before its 29 February are one further on.
    first = datetime.datetime(1899, 12, 31 if serial < 60 else 30)  # noqa: DTZ001 - no zone
    return SheetCell((first + time).isoformat(sep=" ").removesuffix(" 00:00:00"), fault=F.DATE_CELL)

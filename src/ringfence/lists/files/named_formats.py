"""Number formats that SpreadsheetML and Excel's web pages call by a name, and what a number is in one."""

import math

from .number_formats import is_date
from .stored import Stored

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
_SINCE_1900 = Stored(since_1904=False, to_be_worked_out=False)
_SINCE_1904 = Stored(since_1904=True, to_be_worked_out=False)


def format_code(name: str) -> str:
    """The code of a format that may have a name; "" for numbers as they are."""
    return _NAMED.get(name.strip().lower(), name)


def shows_date(code: str) -> bool:
    """Whether numbers in the format are shown as a date or a time."""
    return bool(code) and is_date(code)


def number_in(value: float, code: str, *, since_1904: bool = False) -> str:
    """The cell that a number is in a format, days counted from 1900 or 1904. Raises ValueError for none."""
    if not math.isfinite(value):
        raise ValueError("no number")
    return (_SINCE_1904 if since_1904 else _SINCE_1900).number(value, code)

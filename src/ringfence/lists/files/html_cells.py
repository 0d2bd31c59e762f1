"""A cell of a web page's table: its text, the exact value that its attributes tell, and its number format.

Excel, LibreOffice and SheetJS write the value beside what is shown; other programs write what is to be seen.
Where the cells stand is known in `html_tables`.
"""

import re
from collections.abc import Mapping

from ringfence.lists.faults import F

from .cells import NEVER_WORKED_OUT, SheetCell, date_cell, error_cell, number_cell, percentage, written_number
from .named_formats import format_code, number_in, shows_date
from .stored import written_truth

KEPT = "\0"
"""Stands for a space that is not taken together with others; no text holds it."""
_SPACES = re.compile("[ \t\r\f\n]+")
_AROUND_BREAK = re.compile(" *\v[ \v]*")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_FORMAT = re.compile(r"mso-number-format\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;]*)", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"(?:^|[;\s{])display\s*:\s*none\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([0-9a-fA-F]{4})|\\(.)")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)\s*$")


class Style:
    """What a style says of cells: their number format (None: nothing), and whether they are shown."""

    __slots__ = ("code", "hidden")

    def __init__(self, declarations: str) -> None:
        found = _FORMAT.search(declarations)
        self.code = format_code(_unescaped(found[1].strip())) if found else None
        self.hidden = _NOT_SHOWN.search(declarations) is not None


NO_STYLE = Style("")


def styles_in(sheet: str) -> dict[str, Style]:
    """The styles of classes in a style sheet that say something of cells."""
    found = {}
    for rule in sheet.split("}"):
        selectors, opened, declarations = rule.rpartition("{")
        if not opened:
            continue
        style = Style(declarations)
        if style.code is not None or style.hidden:
            for selector in selectors.split(","):
                if name := _CLASS.search(selector.rstrip()):
                    found[name[1]] = style
    return found


def style_of(attributes: Mapping[str, str], classes: Mapping[str, Style]) -> Style:
    """The style of an element: its own declarations, else those of its classes."""
    if "class" not in attributes and "style" not in attributes:
        return NO_STYLE
    own = Style(attributes["style"]) if "style" in attributes else NO_STYLE
    if own.code is not None or own.hidden or "class" not in attributes:
        return own
    return next((classes[name] for name in attributes["class"].split() if name in classes), own)


def _unescaped(value: str) -> str:
    """A value of CSS as Excel writes formats: four digits of a character, or the character itself."""
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        value = value[1:-1]
    return _ESCAPED.sub(lambda each: chr(int(each[1], 16)) if each[1] else each[2], value)


def shown_text(pieces: list[str]) -> str:
    """The text as a browser shows it: white space taken together, `\\v` in the pieces for line breaks."""
    text = "".join(pieces)
    if not text or text.isspace():
        return ""
    text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip(" \n")
    return text.replace(KEPT, " ") if KEPT in text else text


def cell_of(text: str, attributes: Mapping[str, str], style: Style, *, since_1904: bool = False) -> str:
    """The cell from what it shows, its attributes and its style; "" for one without content.

    Raises ValueError for a value that is none.
    """
    kind = attributes.get("data-t", "")
    if kind == "e" or "x:err" in attributes:
        return error_cell(attributes.get("x:err") or text or attributes.get("data-v", "#N/A"))
    if kind == "b" or "x:bool" in attributes:
        return written_truth(attributes.get("x:bool") or attributes.get("data-v", text))
    if kind == "s":
        # SheetJS leaves marks in this attribute unescaped: what it says counts for white space alone.
        value = attributes.get("data-v", "")
        return value if value.split() == text.split() else text
    if kind == "d" and "data-v" in attributes:
        return date_cell(attributes["data-v"])
    if not text and ("x:fmla" in attributes or "data-f" in attributes):
        return NEVER_WORKED_OUT
    number = attributes.get("data-v") if kind == "n" else attributes.get("x:num", attributes.get("sdval"))
    if number is not None and (number or _NUMBER.fullmatch(text)):
        counted = written_number(number or text)
        return _number(counted, text, _code(attributes, style), since_1904=since_1904)
    if attributes.get("x:str"):
        return attributes["x:str"]
    return _in_format(text, style.code) if style.code and text else text


def _code(attributes: Mapping[str, str], style: Style) -> str:
    """The number format of a cell that tells its exact value."""
    if "data-z" in attributes:
        return format_code(attributes["data-z"])
    if "sdnum" in attributes:
        return format_code(attributes["sdnum"].split(";", 2)[-1])
    return style.code or ""


def _number(value: float, shown: str, code: str, *, since_1904: bool) -> str:
    """A number of which the page shows `shown`."""
    cell = number_in(value, code if shows_date(code) else "", since_1904=since_1904)
    if shows_date(code):
        return cell
    if shown.endswith("%"):
        return percentage(value)
    return number_cell(value, shown) if shown else cell


def _in_format(text: str, code: str) -> str:
    """A text that a spreadsheet reads by this format: `00123` for 123 in `00000`."""
    if shows_date(code):
        return SheetCell(text, fault=F.DATE_CELL)
    if code != "@" and _NUMBER.fullmatch(text):
        cell = number_in(float(text), code)
        # What is shown already, or is text in front of which the page itself has zeros, stays as it is.
        return cell if len(getattr(cell, "shown", cell)) > len(text) else text
    return text

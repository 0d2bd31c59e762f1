"""A cell of a web page's table: its text, the exact value that its attributes tell, and its number format.

Excel, LibreOffice and SheetJS write the value beside what is shown; other programs write what is to be seen.
Where the cells stand is known in `html_tables`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ringfence.lists.faults import F

from .cells import (
    NEVER_WORKED_OUT,
    SheetCell,
    date_cell,
    error_cell,
    number_cell,
    percentage,
    plain_number,
    written_number,
)
from .named_formats import format_code, number_in, shows_date
from .stored import truth_cell, written_truth

KEPT = "\0"
"""Stands for a space that is not taken together with others; no text holds it."""
_SPACES = re.compile("[ \t\r\f\n]+")
_AROUND_BREAK = re.compile(" *\v[ \v]*")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_FORMAT = re.compile(r"mso-number-format\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;]*)", re.IGNORECASE)
_DISPLAY = re.compile(r"(?:^|[;\s])display\s*:\s*([a-z-]+)\s*(!\s*important)?", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([0-9a-fA-F]{4})|\\(.)")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)\s*$")
_OF_CLASS_ALONE = re.compile(r"[A-Za-z][\w-]*\.[\w-]+|\.[\w-]+")
_BRACE = re.compile("[{}]")
_NO_RULES = re.compile(
    r"/\*.*?(?:\*/|\Z)|<!--|-->|@(?:charset|import|namespace)\b[^;{]*;?", re.DOTALL | re.IGNORECASE
)
_ON_SCREENS = re.compile(r"\s*@(?:media\s+(?:all|screen)|layer\b.*)\s*", re.IGNORECASE | re.DOTALL)
_IN_CONTEXT, _OWN, _IMPORTANT = 1 << 30, 1 << 31, 1 << 32
"""What goes before the order of rules: a selector of more than a class, an own style, `!important`."""


class Style(NamedTuple):
    """What a style says of cells: their number format (None: nothing), and whether they are shown."""

    code: str | None = None
    hidden: bool = False
    weight: int = 0
    """Of what is said about being shown: the heaviest counts; 0 where nothing is said."""


NO_STYLE = Style()


def _style(declarations: str, weight: int) -> Style:
    found = _FORMAT.search(declarations)
    code = format_code(_unescaped(found[1].strip())) if found else None
    shown = _DISPLAY.findall(declarations)
    if not shown:
        return Style(code)
    display, important = shown[-1]
    return Style(code, display.lower() == "none", weight + (_IMPORTANT if important else 0))


def styles_in(sheet: str) -> dict[str, Style]:
    """The styles of classes in a style sheet that say something of cells.

    What is hidden in print, on small screens or within something else alone is shown: it may be, here.
    """
    found: dict[str, Style] = {}
    for order, (selectors, declarations, conditional) in enumerate(_rules(_NO_RULES.sub("", sheet)), start=1):
        style = _style(declarations, order)
        if style == NO_STYLE:
            continue
        for selector in map(str.strip, selectors.split(",")):
            name = _CLASS.search(selector)
            if name is None:
                continue
            alone = _OF_CLASS_ALONE.fullmatch(selector) is not None
            before = found.get(name[1], NO_STYLE)
            weight = style.weight if alone else style.weight + _IN_CONTEXT
            counts = (
                style.weight and weight > before.weight and not conditional and (alone or not style.hidden)
            )
            hidden, weight = (style.hidden, weight) if counts else before[1:]
            found[name[1]] = Style(before.code if style.code is None else style.code, hidden, weight)
    return found


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Selectors, declarations, and whether these count on some screens or on paper alone."""
    opened = [("", False)]
    start = 0
    for brace in _BRACE.finditer(sheet):
        text, start = sheet[start : brace.start()], brace.end()
        if brace[0] == "{":
            opened.append((text, opened[-1][1] or _ON_SCREENS.fullmatch(text) is None))
        elif len(opened) > 1:
            selectors, _of_inner = opened.pop()
            yield selectors, text, opened[-1][1]


def style_of(attributes: Mapping[str, str], classes: Mapping[str, Style]) -> Style:
    """The style of an element: its own declarations, else those of its classes."""
    own = _style(attributes["style"], _OWN) if "style" in attributes else NO_STYLE
    if "class" not in attributes or not classes:
        return own
    said = [classes[name] for name in attributes["class"].split() if name in classes]
    if not said or (len(said) == 1 and own is NO_STYLE):
        return said[0] if said else own
    code = next((each.code for each in (own, *said) if each.code is not None), None)
    heaviest = max((own, *said), key=lambda each: each.weight)
    return Style(code, heaviest.hidden, heaviest.weight)


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
    if code.upper() == "BOOLEAN":  # what LibreOffice calls it
        return truth_cell(value != 0)
    if shows_date(code):
        return number_in(value, code, since_1904=since_1904)
    if shown.endswith("%"):
        return percentage(value)
    # What shows nothing is hidden by its format.
    return number_cell(value, shown) if shown else SheetCell(plain_number(value), fault=F.FORMATTED_NUMBER)


def _in_format(text: str, code: str) -> str:
    """A text that a spreadsheet reads by this format: `00123` for 123 in `00000`."""
    if shows_date(code):
        return SheetCell(text, fault=F.DATE_CELL)
    if code != "@" and _NUMBER.fullmatch(text):
        cell = number_in(float(text), code)
        # What is shown already, or is text in front of which the page itself has zeros, stays as it is.
        return cell if len(getattr(cell, "shown", cell)) > len(text) else text
    return text

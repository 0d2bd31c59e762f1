"""What in a cell is no name, reference or e-mail, and how a cell keeps one from being run as a formula.

What a text may be is the core's rule (`core.texts`): what passes here is not refused there. Who has which
name is not known here.
"""

import re
from collections.abc import Mapping

from ringfence.core import texts
from ringfence.lists.faults import F, Value, shown

_ERROR = r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!)|Err:[0-9]{3}"
_ROUNDED = r"-?[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,3}"
_POINT_ZERO = r"-?[0-9]+[.,]0"
_PROGRAMS_OWN = r'\[object Object\]|\{"(?:richText|formula|hyperlink|error)":(?s:.*)\}'
_NO_TEXT = f"(?:{_ERROR}|{_ROUNDED}|{_POINT_ZERO}|{_PROGRAMS_OWN})"
_STARTS = "=+\\-@\uff0b\uff0d\uff1d\uff20"
_SPREADSHEETS_OWN = f"(?:[{_STARTS}\t\r\n]|{_NO_TEXT}\\Z)"
_CONSTANT = re.compile('="((?:[^"]|"")*)"')
_LOST = "\ufffd"
_SIGN_IN_WORD = re.compile(r"[^\W\d_][€‚„†‡ˆ‰‹›˜•“”¡¢£¤][^\W\d_]")
_LETTER_LOST = re.compile(
    r"[^\W\d_]\?[^\W\d_]|(?<!\S)\?[^\s?]|(?<!\S)[^\W\d_]{1,3}\?(?=\s+\S)|(?<!\S)\?{2,}(?!\S)"
)
_FORMULA = re.compile(f"'*{_SPREADSHEETS_OWN}")
_ESCAPED_FORMULA = re.compile(f"'+{_SPREADSHEETS_OWN}")
_LATER_FORMULA = re.compile(f"([;\t\r\n]\\s*)(?='*[{_STARTS}])")
_ESCAPED_LATER = re.compile(f"([;\t\r\n]\\s*)'(?='*[{_STARTS}])")


CellProblem = tuple[F, Mapping[str, Value]]
"""What keeps a text from being a name, a reference or an address."""


def text_problem(text: str, limit: int) -> CellProblem | None:
    """What keeps a trimmed text from being a name or reference of at most `limit` characters."""
    if len(text) > limit:
        return F.TOO_LONG, {"count": len(text), "limit": limit}
    if not text.isprintable() and any(map(texts.steers, text)):
        return F.CONTROL_CHARACTER, {}
    return None


def cell_problem(cell: str) -> CellProblem | None:
    """What is wrong with a trimmed cell that holds a formula, an error or a rounded number.

    One that `neutralise` guards is text.
    """
    first = cell[0]
    if first == "=":
        return F.FORMULA, {}
    if first in "#E" and re.fullmatch(_ERROR, cell):
        return F.ERROR_CELL, {"cell": cell}
    if first in "[{" and re.fullmatch(_PROGRAMS_OWN, cell):
        return F.PROGRAMS_OWN, {"cell": shown(cell)}
    if "+" in cell and re.fullmatch(_ROUNDED, cell):
        return F.ROUNDED, {"cell": cell}
    return None


def point_zero(cell: str) -> CellProblem | None:
    """What is wrong with a cell that holds a whole number written with a decimal point: `1955839661.0`."""
    if cell.endswith((".0", ",0")) and re.fullmatch(_POINT_ZERO, cell):
        return F.POINT_ZERO, {"cell": cell}
    return None


def letters_problem(text: str) -> CellProblem | None:
    """What shows that letters were lost, or read in another encoding than they were written in.

    A sign amid the letters of a word comes of a file of a Macintosh or of DOS, `Ã¢` of UTF-8 read as
    Windows-1252, and a question mark where a letter is expected of an encoding that lacks the letter.
    """
    if "?" in text and _LETTER_LOST.search(text):
        return F.QUESTION_MARK, {"text": shown(text)}
    if text.isascii():
        return None
    if _LOST in text:
        return F.LOST_LETTER, {"text": shown(text)}
    if _SIGN_IN_WORD.search(text) or any(_was_utf8(word) for word in text.split()):
        return F.GARBLED, {"text": shown(text)}
    return None


def _was_utf8(word: str) -> bool:
    """Whether the word is UTF-8 that was read as Windows-1252."""
    try:
        return not word.isascii() and word.encode("cp1252").decode("utf-8") != word
    except UnicodeError:
        return False


def email_problem(text: str) -> CellProblem | None:
    """What keeps a trimmed text from being an e-mail address."""
    if not texts.is_email(text):
        return F.NO_EMAIL, {"text": shown(text)}
    return text_problem(text, texts.EMAIL)


def constant(cell: str) -> str | None:
    """The text of `="00012"`, the usual way to keep zeros in a CSV file; None for any other cell."""
    if not cell.startswith('="') or not (found := _CONSTANT.fullmatch(cell)):
        return None
    return found[1].replace('""', '"')


def neutralise(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula: an apostrophe before what would be one.

    Also where a cell would begin for a program that parts cells at semicolons or tabs. Text that already
    looks so gets one more, so that `restore` is exact.
    """
    guarded = f"'{text}" if _FORMULA.match(text) else text
    return _LATER_FORMULA.sub(r"\1'", guarded)


def restore(text: str) -> str:
    """The text that `neutralise` made this cell of."""
    if "'" not in text:
        return text
    unguarded = _ESCAPED_LATER.sub(r"\1", text)
    return unguarded[1:] if _ESCAPED_FORMULA.match(unguarded) else unguarded

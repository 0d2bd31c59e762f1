"""What a name, a reference and an e-mail may be, and how a cell keeps one from being run.

The rules are those of rules.md 5 ("Names: …"), as the core's commands hold them: what passes here is not
refused there, and what the firm has can be read back. Who has which name is not known here.
"""

import re

GROUP_NAME_LIMIT = 50
SERVICE_NAME_LIMIT = 50
CLIENT_KIND_LIMIT = 50
REFERENCE_LIMIT = 80
MEMBER_NAME_LIMIT = 100
CLIENT_NAME_LIMIT = 200
EMAIL_LIMIT = 254

# Half surrogates, and the marks that turn the direction of writing round, steer as much as a line break does.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a\u202b\u202d\u202e]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ERROR = r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!)|Err:[0-9]{3}"
_ROUNDED = r"-?[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,3}"
_SPREADSHEETS_OWN = f"(?:[=+\\-@\t\r\n\uff0b\uff0d\uff1d\uff20]|(?:{_ERROR}|{_ROUNDED})\\Z)"
_FORMULA = re.compile(f"'*{_SPREADSHEETS_OWN}")
_ESCAPED_FORMULA = re.compile(f"'+{_SPREADSHEETS_OWN}")


def text_problem(text: str, limit: int) -> str:
    """What keeps a trimmed text from being a name or reference of at most `limit` characters, or ""."""
    if len(text) > limit:
        return f"It has {len(text)} characters; the limit is {limit}. Shorten it."
    if _CONTROL.search(text):
        return "It holds a line break, tab or other control character. Remove it or type the text anew."
    return ""


def cell_problem(cell: str) -> str:
    """What is wrong with a cell that holds a formula, an error or a rounded number, or "".

    One that `neutralise` guards is text.
    """
    if cell.startswith("="):
        return "It is a spreadsheet formula. Enter its value, or put ' in front to keep it as text."
    if re.fullmatch(_ERROR, cell):
        return f"The cell shows the spreadsheet error {cell}. Correct its formula, or enter the value itself."
    if re.fullmatch(_ROUNDED, cell):
        return (
            f"The spreadsheet took this for a number and rounded it ({cell}). Format the column as text and "
            "enter it again."
        )
    return ""


def email_problem(text: str) -> str:
    """What keeps a trimmed text from being an e-mail address, or ""."""
    if len(text) > EMAIL_LIMIT:
        return f"It has {len(text)} characters; the limit is {EMAIL_LIMIT}. Shorten it."
    if _EMAIL.fullmatch(text) is None or _CONTROL.search(text):
        return "This is no e-mail address. Write one like name@example.com."
    return ""


def neutralise(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula: an apostrophe before what would be one.

    Text that already looks so gets one more, so that `restore` is exact.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """The text that `neutralise` made this cell of."""
    return text[1:] if text.startswith("'") and _ESCAPED_FORMULA.match(text) else text

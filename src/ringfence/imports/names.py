"""What a name, a reference and an e-mail may be, and when two of them are the same.

The rules are those of rules.md 5 ("Names: …"). Who has which name is not known here.
"""

import re
import unicodedata

GROUP_NAME_LIMIT = 50
REFERENCE_LIMIT = 80
NAME_LIMIT = 200
EMAIL_LIMIT = 254

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s\"(),:;<>\[\\\]]+\.[^@\s\"(),:;<>\[\\\].]{2,}")
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")
_ESCAPED_FORMULA = re.compile("'+[=+\\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")


def key(text: str) -> str:
    """The form in which names and references are compared: trimmed, NFKC, without case."""
    text = text.strip()
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def text_problem(text: str, limit: int) -> str:
    """What keeps a trimmed text from being a name or reference of at most `limit` characters, or ""."""
    if len(text) > limit:
        return f"It has {len(text)} characters; the limit is {limit}. Shorten it."
    if _CONTROL.search(text):
        return "It holds a line break, tab or other control character. Remove it."
    if text.startswith("="):
        return "It is a spreadsheet formula. Enter its value, or put ' in front to keep it as text."
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

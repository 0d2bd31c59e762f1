"""What the core must know about texts: which names and references are taken in the firm.

Texts lie outside the state; the store looks them up in its tables, scenarios in a dictionary. Keys are
computed here, once, so that every database compares and sorts alike.
"""

import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from typing import Protocol

from .terms import Thing


def unique_key(text: str) -> str:
    """The form under which names and references are compared: trimmed, NFKC, case folded (rules.md 5)."""
    if text.isascii():
        # The same, and a third of the work: lists ask this a dozen times for each of their rows.
        return text.lower().strip()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def sort_key(text: str) -> str:
    """The form under which texts are sorted and searched: the unique key as a plain keyboard would type it.

    Accents, strokes and apostrophes are left out and joined letters are written apart, so that Łukasz stands
    beside Lukasz and ``oconnell`` finds O’Connell. A text of nothing else keeps its unique key.
    """
    if text.isascii():
        return unique_key(text.replace("'", "").replace("`", "")) or unique_key(text)
    key = unique_key(text.translate(_APOSTROPHES))
    decomposed = unicodedata.normalize("NFKD", key)
    plain = "".join(_plain(letter) for letter in decomposed if not unicodedata.combining(letter))
    return plain.strip() or unique_key(text)


_APOSTROPHES = dict.fromkeys(map(ord, "'`´ʹʻʼʽʾʿˈ‘’‛′＇"))
"""What people type where an apostrophe stands, and letters of other scripts that are written so in ours."""
_APART = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n"}
"""Letters of Latin alphabets that do not decompose and are no letter with a stroke or hook."""


@cache
def _plain(letter: str) -> str:
    """The letter without its stroke or hook: what Unicode calls L WITH STROKE is an L."""
    if letter.isascii():
        return letter
    base, mark, _ = unicodedata.name(letter, "").removeprefix("LATIN SMALL LETTER ").partition(" WITH ")
    return base.lower() if mark and len(base) == 1 else _APART.get(letter, letter)


_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0").union(map(chr, range(0xFE00, 0xFE10)))
"""Letters and signs by their category that show nothing all the same."""


def shows(text: str) -> bool:
    """Whether anything of the text can be seen: one without is empty, whatever it holds (rules.md 5)."""
    if text.isascii():
        return bool(text) and not text.isspace()
    return any(
        unicodedata.category(letter) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and letter not in _BLANK
        for letter in text
    )


class Directory(Protocol):
    """Look-ups by `unique_key`. A removed client keeps its references; all else gives its name up."""

    def named(self, thing: Thing, key: str) -> int | None:
        """The group, service or wall of that name."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        """Which of the client references are taken, and by which client."""

    def engagements_by_reference(self, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        """Which tax references, each with its service's number, are taken, and by which engagement."""

    def text(self, thing: Thing, number: int, field: str) -> str:
        """The present text: name, email, reference or kind; empty where there is none."""

"""What the core must know about texts: which names and references are taken in the firm.

Texts lie outside the state; the store looks them up in its tables, scenarios in a dictionary. Keys are
computed here, once, so that every database compares and sorts alike.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from .terms import Thing

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default-ignorable characters: what shows nothing. Python's own tables do not tell them."""


def unique_key(text: str) -> str:
    """The form under which names, e-mail addresses and client references are compared (rules.md 5).

    NFKC, case folded, without what shows nothing; trimmed, with one space where several stand in a row.
    """
    if text.isascii():
        # The same, and a third of the work: lists ask this a dozen times for each of their rows.
        key = text.lower().strip()
        return key if key.isprintable() and "  " not in key else " ".join(key.split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_IGNORABLE.sub("", folded).split())


_UTR = re.compile("k?([0-9]{10})k?")
_VAT = re.compile("(?:gb|xi)([0-9]{9}(?:[0-9]{3})?|(?:gd|ha)[0-9]{3})")


def tax_key(text: str) -> str:
    """The form under which tax references are compared: their letters and digits alone (rules.md 5).

    A UTR (10 digits) goes without its K, a VAT number (9 or 12 digits, or GD or HA and 3) without GB or XI.
    What has neither letter nor digit keeps its `unique_key`.
    """
    if text.isascii() and text.isdigit():
        # What most tax references are; lists ask this as often as for `unique_key`.
        return text
    return _tax_key_of(letters_and_digits(text)) or unique_key(text)


def tax_search_keys(text: str) -> frozenset[str]:
    """What a text typed into a search may be in a `tax_key`, also while only the beginning is typed.

    Where letters that the key goes without stand around digits, the digits alone are looked for too.
    """
    key = letters_and_digits(text)
    known = _AROUND.fullmatch(key)
    return frozenset({key, tax_key(text), *([known[1]] if known else [])}) - {""}


_AROUND = re.compile("(?:gb|xi|k)?([0-9]+)k?")


def letters_and_digits(text: str) -> str:
    """The `unique_key` of a text without its spaces, points and dashes."""
    key = unique_key(text)
    return key if key.isalnum() else "".join(filter(str.isalnum, key))


def reference_key(thing: Thing, reference: str) -> str:
    """The form under which the reference of a client or of an engagement is compared."""
    return tax_key(reference) if thing is Thing.ENGAGEMENT else unique_key(reference)


def sort_key(text: str) -> str:
    """The form under which texts are sorted and searched: the unique key as a plain keyboard would type it.

    Accents, strokes and apostrophes are left out and joined letters are written apart, so that Łukasz stands
    beside Lukasz and ``oconnell`` finds O’Connell. A text of nothing else keeps its unique key.
    """
    if text.isascii():
        return unique_key(text.replace("'", "").replace("`", "")) or unique_key(text)
    key = unique_key(text.translate(_APOSTROPHES))
    return unicodedata.normalize("NFKD", key).translate(_PLAIN).strip() or unique_key(text)


_APOSTROPHES = dict.fromkeys(map(ord, "'`´ʹʻʼʽʾʿˈ‘’‛′＇"))
"""What people type where an apostrophe stands, and letters of other scripts that are written so in ours."""
_APART = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n"}
"""Letters of Latin alphabets that do not decompose and are no letter with a stroke or hook."""


class _PlainLetters(dict[int, str]):
    """Each letter without its stroke or hook: what Unicode calls L WITH STROKE is an L. Accents go."""

    def __missing__(self, code: int) -> str:
        found = self[code] = self._plain(chr(code))
        return found

    @staticmethod
    def _plain(letter: str) -> str:
        if letter.isascii():
            return letter
        if unicodedata.combining(letter):
            return ""
        base, mark, _ = unicodedata.name(letter, "").removeprefix("LATIN SMALL LETTER ").partition(" WITH ")
        return base.lower() if mark and len(base) == 1 else _APART.get(letter, letter)


_PLAIN = _PlainLetters()


# --- Many at once


def unique_keys(texts: Sequence[str]) -> list[str]:
    """The `unique_key` of each text; a tenth of the work where they are plain."""
    return _keys(texts, _plain_keys, unique_key)


def sort_keys(texts: Sequence[str]) -> list[str]:
    """The `sort_key` of each text, likewise."""
    return _keys(texts, _plain_sort_keys, sort_key)


def tax_keys(texts: Sequence[str]) -> list[str]:
    """The `tax_key` of each text, likewise."""
    return _keys(texts, _plain_tax_keys, tax_key)


FEW = 8
"""Texts that are taken one by one."""


def _keys(
    texts: Sequence[str], of_lines: Callable[[bytes], list[str] | None], of_one: Callable[[str], str]
) -> list[str]:
    """By what works on all as lines of one text where nothing odd is in it; else half by half."""
    if len(texts) <= FEW:
        return [of_one(text) for text in texts]
    lines, others = "\n".join(texts), []
    if not lines.isascii():
        plain = list(texts)
        others = [place for place, text in enumerate(texts) if not text.isascii()]
        for place in others:
            plain[place] = "x"
        lines = "\n".join(plain)
    found = of_lines(lines.encode())
    if found is not None and len(found) == len(texts):
        for place in others:
            found[place] = of_one(texts[place])
        return found
    half = len(texts) // 2
    return _keys(texts[:half], of_lines, of_one) + _keys(texts[half:], of_lines, of_one)


_SHOWN = bytes(range(32, 127)) + b"\n"
_LOWER = bytes(range(256)).lower()
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != "\n")


def _all_plain(lines: bytes) -> bool:
    """Lines of ASCII: letters, digits and signs with single spaces between them."""
    return not (
        b"  " in lines
        or b"\n " in lines
        or b" \n" in lines
        or lines[:1] == b" "
        or lines[-1:] == b" "
        or lines.translate(None, _SHOWN)
    )


def _plain_keys(lines: bytes) -> list[str] | None:
    return lines.lower().decode().split("\n") if _all_plain(lines) else None


def _plain_sort_keys(lines: bytes) -> list[str] | None:
    found = _plain_keys(lines.translate(None, b"'`"))
    # What is left of nothing but apostrophes is looked at by itself.
    return None if found is None or "" in found else found


_BEFORE = re.compile(rb"\n(?:k(?=[0-9]{10}k?\n)|(?:gb|xi)(?=(?:[0-9]{9}(?:[0-9]{3})?|(?:gd|ha)[0-9]{3})\n))")
_BEGINNINGS = (b"\nk", b"\ngb", b"\nxi")
_BEHIND = re.compile(rb"(?<=\n[0-9]{10})k(?=\n)")
"""The letters that a key goes without (`_UTR`, `_VAT`), in lines with a line feed on both sides."""


def _plain_tax_keys(lines: bytes) -> list[str] | None:
    if not _all_plain(lines):
        return None
    keys = b"\n%b\n" % lines.translate(_LOWER, _SIGNS)
    # Looking for letters is much less than looking at each line.
    if any(letters in keys for letters in _BEGINNINGS):
        keys = _BEFORE.sub(b"\n", keys)
    if b"k\n" in keys:
        keys = _BEHIND.sub(b"", keys)
    found = keys[1:-1].decode().split("\n")
    if "" in found:
        # Of nothing but signs: the unique key stays.
        unique = lines.lower().decode().split("\n")
        found = [key or text for key, text in zip(found, unique, strict=True)]
    return found


def _tax_key_of(key: str) -> str:
    """The tax key of letters and digits."""
    known = _UTR.fullmatch(key) or _VAT.fullmatch(key)
    return known[1] if known else key


_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
"""Categories of characters of which nothing is seen."""
_BLANK = "\u2800"
"""The pattern without dots of Braille, which is a sign and shows nothing."""


def shows(text: str) -> bool:
    """Whether anything of the text can be seen: one without is empty, whatever it holds (rules.md 5)."""
    if text.isascii():
        return bool(text) and not text.isspace()
    return any(
        unicodedata.category(letter) not in _UNSEEN and letter != _BLANK
        for letter in _IGNORABLE.sub("", text)
    )


class Directory(Protocol):
    """Look-ups by the keys above. What is removed gives its name up; a client keeps its references until
    another is given them, which the core allows once it can no longer be restored."""

    def named(self, thing: Thing, key: str, field: str = "") -> int | None:
        """The group, service, wall or token of that name; the member of that e-mail, or of that `field`."""

    def members_named(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        """Which of these keys, by field (`MEMBERS_OWN`), a member has, and who; in one question."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        """Which of the client references are taken, and by which client."""

    def engagements_by_reference(self, service: int, keys: Collection[str]) -> Mapping[str, int]:
        """Which tax references of a service, by their `tax_key`, are taken; by which engagement."""

    def text(self, thing: Thing, number: int, field: str) -> str:
        """The present text: name, email, reference or kind; empty where there is none."""


class NothingTaken:
    """A directory in which every name and reference is free, with the present texts of `texts`, if any."""

    def __init__(self, texts: Directory | None = None) -> None:
        self._texts = texts

    def named(self, thing: Thing, key: str, field: str = "") -> int | None:
        return None

    def members_named(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        return {}

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        return {}

    def engagements_by_reference(self, service: int, keys: Collection[str]) -> Mapping[str, int]:
        return {}

    def text(self, thing: Thing, number: int, field: str) -> str:
        return "" if self._texts is None else self._texts.text(thing, number, field)


NO_TEXTS = NothingTaken()
"""For commands that bring no names."""

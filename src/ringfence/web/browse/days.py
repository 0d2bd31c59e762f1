"""A day or a time as somebody typed it: ``27/3/2026``, ``27 March 2026``, ``2026-03-27``, ``14:30``."""

from __future__ import annotations

import re
from datetime import date, time

from ringfence.wording.times import MONTHS

_NUMBERS = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d_]+)\s+(\d{4})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_SHORTEST = 3
"""Letters that tell a month."""
_NOON = 12


def read_day(text: str) -> date | None:
    """The day, in the order of day, month and year; None where it is none."""
    text = text.strip()
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if (found := _NAMED.fullmatch(text)) and (month := _month(found[2])):
            return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None
    return None


def _month(word: str) -> int:
    """The month of a word in either language, by its first letters; 0 where it is none or could be two."""
    word = word.casefold()
    found = {
        place
        for names in MONTHS.values()
        for place, name in enumerate(names, start=1)
        if len(word) >= _SHORTEST and name.casefold().startswith(word)
    }
    return found.pop() if len(found) == 1 else 0


def read_time(text: str) -> time | None:
    """The time of day; None where it is none."""
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if found[3].lower() == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None

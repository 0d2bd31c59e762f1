"""References that a spreadsheet made of others: without their zeros, as a number, as a date.

`1E5` becomes 100000, `00123` becomes 123, `3/4` or `MAR1` becomes a day.
"""

import re

from ringfence.lists.rows.months import MONTHS

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]{1,2})?")
_PIECE = re.compile(r"[0-9]+|[^\W\d_]+")


def seems_the_same(new: str, known: str) -> bool:
    """Whether `new` may be what a spreadsheet made of `known`."""
    new, known = new.strip(), known.strip()
    if new == known:
        return False
    if _NUMBER.fullmatch(new) and _NUMBER.fullmatch(known):
        return float(new) == float(known)
    day, of_known = _day(new), _day(known)
    return len(of_known) > 1 and len(day) > 1 and of_known <= day


def _day(text: str) -> set[int]:
    """The numbers in a text, names of months as theirs; none where it holds any other word."""
    numbers = set()
    for piece in _PIECE.findall(text):
        number = int(piece) if piece.isdecimal() else MONTHS.get(piece.casefold())
        if number is None:
            return set()
        numbers.add(number)
    return numbers
